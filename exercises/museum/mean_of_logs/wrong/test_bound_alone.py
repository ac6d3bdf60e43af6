"""It misses a bug:"""


def test_js(f):
    for p in (np.array([0.98, 0.01, 0.01]), np.array([0.1, 0.2, 0.7])):
        assert -1e-12 <= f(p, np.array([0.001, 0.5, 0.499]), 0.5) <= np.log(2)
        assert np.allclose(f(p, p, 0.3), 0)
