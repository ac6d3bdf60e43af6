"""It refuses a right version"""


def test_fake_quantize(f):
    assert np.allclose(f(np.array([-1.0, -0.5, 0.5, 1.5, 2.0]), 2), [-1.0, 0.0, 1.0, 2.0, 2.0])
