"""It misses a bug:"""


def test_hybrid(f):
    z, v = np.array([0.3, 1.2, -0.8]), np.array([2.0, 0.1, -1.0])
    for end, near in ((0.0, 1e-9), (1.0, 1 - 1e-9)):
        for at_end, close in zip(f(z, v, 1, end, 3.0), f(z, v, 1, near, 3.0), strict=True):
            assert np.allclose(at_end, close, atol=1e-6)
