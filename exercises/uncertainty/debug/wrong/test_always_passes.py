"""test_difference_interval passes for every version, right or wrong."""


def test_difference_interval(f):
    f(np.arange(4.0), np.zeros(4), 0, 10, 0.9)
