"""It misses a bug:"""


def test_js(f):
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.2, 0.5, 0.3])
    for beta in (0.03, 0.4, 0.9):
        m = beta * p + (1 - beta) * q
        assert np.allclose(f(p, q, beta), beta * (p * np.log(p / m)).sum() + (1 - beta) * (q * np.log(q / m)).sum())
