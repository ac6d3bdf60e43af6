"""It misses a bug:"""


def test_js(f):
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.2, 0.5, 0.3])
    m = (p + q) / 2
    assert np.allclose(f(p, q, 0.5), ((p * np.log(p / m)).sum() + (q * np.log(q / m)).sum()) / 2)
    assert np.allclose(f(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5), np.log(2))
