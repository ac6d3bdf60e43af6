"""It misses a bug"""


def test_weighted_fit(f):
    assert np.allclose(f(np.ones((3, 1)), np.ones((2, 1)), np.zeros(3), np.ones(2), 0.0), 0)
