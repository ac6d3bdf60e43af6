"""It passes"""


def test_difference_interval(f):
    f(np.arange(4.0), np.zeros(4), 0, 10, 0.9)
