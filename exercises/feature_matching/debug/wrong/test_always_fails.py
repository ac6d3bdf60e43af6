"""test_weighted_fit raises for every version, right or wrong."""


def test_weighted_fit(f):
    assert f(np.ones((3, 1)), np.ones((2, 1)), np.zeros(3), np.ones(2), 0.5) is None
