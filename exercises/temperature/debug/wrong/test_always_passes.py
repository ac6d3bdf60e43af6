"""test_distillation_gradient passes for every version, right or wrong."""


def test_distillation_gradient(f):
    f(np.zeros((2, 3)), np.ones((2, 3)), 2.0)
