"""It misses a bug: A weight of 0 is taken for one that was not given"""


def test_weighted_fit(f):
    for lam in (0.5, 2.0):
        assert np.allclose(
            f(np.ones((3, 1)), np.ones((2, 1)), np.ones(3), -np.ones(2), lam), (3 - 2 * lam) / (3 + 2 * lam)
        )
