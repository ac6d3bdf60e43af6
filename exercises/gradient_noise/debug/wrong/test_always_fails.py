"""test_accumulated_step raises for every version, right or wrong. It refuses a right version: AssertionError"""


def test_accumulated_step(f):
    assert f(np.zeros((1, 2)), [[np.ones((2, 1)), np.ones((2, 2)), np.array([True, True])]], 2.0, 0.1) is None
