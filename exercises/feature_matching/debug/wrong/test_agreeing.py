"""It misses a bug"""


def test_weighted_fit(f):
    for lam in (0.3, 2.5):
        assert np.allclose(f(np.ones((3, 1)), np.ones((2, 1)), np.ones(3), np.ones(2), lam), 1)
