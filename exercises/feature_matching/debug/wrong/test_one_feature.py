"""It misses a bug"""


def test_weighted_fit(f):
    for lam in (0.0, 0.5, 2.0):
        assert np.allclose(f(np.ones((3, 1)), np.ones((1, 1)), np.zeros(3), np.ones(1), lam), lam / (3 + lam))
