"""test_ece raises for every version, right or wrong. It refuses a right version: AssertionError"""


def test_ece(f):
    assert f(np.array([0.5]), np.array([True]), 2) is None
