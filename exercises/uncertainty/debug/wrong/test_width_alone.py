"""It misses a bug:"""


def test_difference_interval(f):
    low, high = f(np.arange(100.0), np.zeros(100), 0, 4000, 0.95)
    assert abs((high - low) / 11.3 - 1) < 0.1
