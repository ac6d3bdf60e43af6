"""It misses a bug:"""


def test_compress(f):
    W = np.outer(np.arange(8.0), np.ones(6))
    b, x = np.arange(8.0), np.array([1.0, -2.0, 3.0, 0.5, 1.0, 2.0])
    assert np.allclose(apply(f(W, b, 0.999), x), W @ x + b)
