"""test_train passes for every version, right or wrong."""


def test_train(f):
    f(np.eye(2), np.eye(2), np.eye(2), 0.1, 1, 0)
