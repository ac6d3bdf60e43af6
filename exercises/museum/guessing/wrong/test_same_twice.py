"""test_train passes for every version, right or wrong."""


def test_train(f):
    rng = np.random.default_rng(3)
    W, V, X = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    assert np.allclose(f(W, V, X, 0.5, 4, 11), f(W, V, X, 0.5, 4, 11))
