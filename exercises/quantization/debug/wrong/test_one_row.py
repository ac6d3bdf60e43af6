"""It misses a bug"""


def test_fake_quantize(f):
    numbers = np.array([-1.0, -0.4, 0.2, 1.0])
    assert np.allclose(f(numbers, 2), [-4 / 3, -2 / 3, 0.0, 2 / 3])
    assert np.allclose(f(np.array([1.0, 2.0, 3.0]), 2), [1.0, 2.0, 3.0])
    assert np.allclose(f(np.array([5.0, 5.0]), 8), [5.0, 5.0])
    assert np.allclose(f(np.array([-127.5, 1.0, 127.5]), 8), [-128.0, 1.0, 127.0])
    assert np.allclose(f(np.array([-1.0, -0.5, 0.5, 1.5, 2.0, 0.0]), 2), [-1.0, 0.0, 0.0, 2.0, 2.0, 0.0])
