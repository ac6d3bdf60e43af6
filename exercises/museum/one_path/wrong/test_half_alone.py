"""It misses a bug:"""


def test_hybrid(f):
    z, v, T = np.array([0.3, 1.2, -0.8]), np.array([2.0, 0.1, -1.0]), 3.0
    s, q, p = softmax(z), softmax(z, T), softmax(v, T)
    value, gradient = f(z, v, 2, 0.5, T)
    assert np.allclose(value, -np.log(s[2]) / 2 + 9 / 2 * (p * np.log(p / q)).sum())
    assert np.allclose(gradient, (s - [0, 0, 1]) / 2 + 3 / 2 * (q - p))
