"""test_distil passes for every version, right or wrong."""


def test_distil(f):
    f(np.eye(2), np.eye(2), np.eye(2), 1.0, 1.0, 1)
