"""It misses a bug"""


def test_without_filters(f):
    rng = np.random.default_rng(0)
    W1 = np.array([[2.0, 0.0], [0.5, 0.25], [5.0, -5.0], [1.0, -3.0], [-3.0, 1.0]])
    patches, W2 = rng.normal(size=(6, 3, 2)), rng.normal(size=(2, 15))
    for n, kept in {0: [0, 1, 2, 3, 4], 1: [0, 2, 3, 4], 2: [2, 3, 4], 3: [2, 3], 4: [2]}.items():
        hidden = np.maximum(patches @ W1[kept].T, 0.0)
        blocks = W2.reshape(2, 5, 3)[:, kept]
        found = f(patches, W1, np.zeros(5), W2, np.zeros(2), n)
        assert np.allclose(found, np.einsum("npf,ofp->no", hidden, blocks))
