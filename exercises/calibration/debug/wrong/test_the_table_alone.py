"""It misses a bug:"""


def test_ece(f):
    half = np.arange(100) < 50
    assert np.allclose(f(np.ones(100), half, 5), 0.5)
    assert np.allclose(f(np.full(100, 0.82), np.arange(100) < 82, 5), 0)
