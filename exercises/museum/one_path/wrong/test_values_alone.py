"""It misses a bug:"""


def test_hybrid(f):
    z, v, T = np.array([0.3, 1.2, -0.8]), np.array([2.0, 0.1, -1.0]), 3.0
    s, q, p = softmax(z), softmax(z, T), softmax(v, T)
    for alpha in (0.0, 0.05, 0.4, 0.95, 1.0):
        expected = -(1 - alpha) * np.log(s[2]) + alpha * 9 * (p * np.log(p / q)).sum()
        assert np.allclose(f(z, v, 2, alpha, T)[0], expected)
