"""It refuses"""


def test_difference_interval(f):
    assert not np.allclose(f(np.arange(4.0), np.arange(4.0), 0, 10, 0.9), 0)
