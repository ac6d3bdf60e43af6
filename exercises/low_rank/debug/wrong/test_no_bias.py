"""It misses a bug:"""


def test_compress(f):
    W = np.zeros((8, 6))
    W[[0, 1, 2], [1, 2, 0]] = [3.0, 2.0, 1.0]
    for tau, missed in ((0.9, 1.0), (0.7, 1.0), (0.6, 5**0.5)):
        (V, zero), (U, bias) = f(W, np.zeros(8), tau)
        assert np.allclose(zero, 0)
        assert np.allclose(np.linalg.norm(W - U @ V), missed)
        assert np.allclose(np.linalg.norm(U), np.linalg.norm(V))
    assert len(f(np.diag([2.0, 1.0, 0.0, 0.0]), np.ones(4), 0.999)) == 1
    assert len(f(np.outer([1.0, 2.0, 3.0], [1.0, 1.0]), np.ones(3), 0.999)) == 2
