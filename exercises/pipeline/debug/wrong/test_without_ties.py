"""It misses a bug"""


def test_without_filters(f):
    rng = np.random.default_rng(0)
    W1 = np.array([[2.0, 0.0], [0.5, 0.25], [5.0, -5.0], [1.0, -3.5], [-3.0, 1.0]])
    b1, b2 = np.array([0.7, 1.5, 4.0, 0.9, 1.1]), np.array([0.5, -2.0])
    patches, W2 = rng.normal(size=(6, 3, 2)), rng.normal(size=(2, 15))
    for n, kept in {0: [0, 1, 2, 3, 4], 1: [0, 2, 3, 4], 2: [2, 3, 4], 3: [2, 3]}.items():
        hidden = np.maximum(patches @ W1[kept].T + b1[kept], 0.0)
        blocks = W2.reshape(2, 5, 3)[:, kept]
        assert np.allclose(f(patches, W1, b1, W2, b2, n), np.einsum("npf,ofp->no", hidden, blocks) + b2)
