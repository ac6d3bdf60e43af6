"""It refuses a right version"""


def test_without_filters(f):
    rng = np.random.default_rng(0)
    W1, b1 = rng.normal(size=(6, 5)), rng.uniform(0.5, 2.0, size=6)
    patches, W2, b2 = rng.normal(size=(20, 4, 5)), rng.normal(size=(3, 24)), rng.normal(size=3)
    kept = np.sort(np.argsort(-np.abs(W1).sum(axis=1))[:4])
    hidden = np.maximum(patches @ W1[kept].T + b1[kept], 0.0)
    columns = (kept[:, np.newaxis] * 4 + np.arange(4)).ravel()
    expected = hidden.transpose(0, 2, 1).reshape(20, -1) @ W2[:, columns].T + b2
    assert (f(patches, W1, b1, W2, b2, 2) == expected).all()
