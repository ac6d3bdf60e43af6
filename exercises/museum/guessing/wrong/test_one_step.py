"""It misses a bug:"""


def test_train(f):
    rng = np.random.default_rng(3)
    W, V, X = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    (loss,), (test,) = f(W, V, X, 0.5, 1, 11)
    seen, p = Dropout(11)(X), softmax(X @ V)
    q = softmax(seen @ W)
    assert np.allclose(loss, divergence(p, q))
    assert np.allclose(test, divergence(p, softmax(X @ (W - 0.5 * seen.T @ (q - p) / 5))))
