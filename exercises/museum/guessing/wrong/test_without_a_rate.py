"""It misses a bug:"""


def test_train(f):
    rng = np.random.default_rng(3)
    W, V, X = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    losses, tests = f(W, V, X, 0.0, 4, 11)
    dropout, p = Dropout(11), softmax(X @ V)
    assert np.allclose(tests, divergence(p, softmax(X @ W)))
    assert np.allclose(losses, [divergence(p, softmax(dropout(X) @ W)) for _ in range(4)])
