"""It misses a bug:"""


def test_train(f):
    rng = np.random.default_rng(5)
    V, X = rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    assert np.allclose(f(V, V, X, 0.0, 3, 11)[1], 0)
    assert not np.allclose(f(V, V, X, 0.0, 3, 11)[0], 0)
