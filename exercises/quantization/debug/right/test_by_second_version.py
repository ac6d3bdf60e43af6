"""Beside a function written in the test, on numbers at halves of steps of 1."""


def test_fake_quantize(f):
    rng = np.random.default_rng(5)
    for bits in (1, 2, 3, 8):
        for low in (0.0, -0.5, -1.0, -(2**bits) / 2 + 0.5, 1.0 - 2**bits):
            x = rng.integers(2 * low, 2 * (low + 2**bits - 1) + 1, size=(3, 4)) / 2
            x[0, :2] = low, low + 2**bits - 1
            z = np.round(-low)
            codes = np.clip(np.round(x) + z, 0, 2**bits - 1)
            assert np.allclose(f(x, bits), codes - z)
    for numbers in ([3.0, 3.0], [-5.0, -5.0], [5.0, 10.0, 15.0], [-3.0, -1.0], [0.0, 0.0]):
        assert np.allclose(f(np.array(numbers), 4), numbers)
