"""test_ece passes for every version, right or wrong."""


def test_ece(f):
    f(np.array([0.5]), np.array([True]), 2)
