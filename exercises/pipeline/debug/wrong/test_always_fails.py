"""test_without_filters raises for every version, right or wrong."""


def test_without_filters(f):
    patches = np.random.default_rng(0).normal(size=(3, 2, 2))
    W1, b1 = np.array([[2.0, 0.0], [5.0, -5.0], [1.0, 0.5]]), np.array([1.0, 2.0, 3.0])
    W2, b2 = np.random.default_rng(1).normal(size=(2, 6)), np.array([0.5, -1.0])
    assert f(patches, W1, b1, W2, b2, 1) is None
