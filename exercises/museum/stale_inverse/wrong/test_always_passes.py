"""test_round_in_order passes for every version, right or wrong."""


def test_round_in_order(f):
    f(np.eye(2), np.array([0.3, 0.4]), 0.5)
