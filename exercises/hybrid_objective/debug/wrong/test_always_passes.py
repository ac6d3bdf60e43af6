"""test_collect passes for every version, right or wrong."""


def test_collect(f):
    f(np.eye(2), [np.array([0, 1])], [np.eye(2)])
