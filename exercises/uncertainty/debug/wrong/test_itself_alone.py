"""It misses a bug:"""


def test_difference_interval(f):
    hard = np.arange(50.0) ** 2
    assert np.allclose(f(hard, hard, 0, 100, 0.95), 0)
    assert np.allclose(f(hard + 2, hard, 0, 100, 0.95), 2)
