"""test_report passes for every version, right or wrong."""


def test_report(f):
    f(np.array([[0.5, 0.6], [0.7, 0.4]]), np.array([[0.1, 0.2], [0.3, 0.4]]))
