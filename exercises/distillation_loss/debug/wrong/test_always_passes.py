"""test_training_loss passes for every version, right or wrong."""


def test_training_loss(f):
    f(np.zeros((2, 3)), np.array([0, 1]))
