"""It misses a bug:"""


def test_hybrid(f):
    z, v = np.array([0.3, 1.2, -0.8]), np.array([2.0, 0.1, -1.0])
    for alpha in (0.0, 0.05, 0.4, 0.95, 1.0):
        nudges = 1e-5 * np.eye(3)
        slopes = [(f(z + d, v, 1, alpha, 3.0)[0] - f(z - d, v, 1, alpha, 3.0)[0]) / 2e-5 for d in nudges]
        assert np.allclose(f(z, v, 1, alpha, 3.0)[1], slopes, atol=1e-6)
