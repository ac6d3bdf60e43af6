"""test_js raises for every version, right or wrong. It refuses a right version: AssertionError"""


def test_js(f):
    assert f(np.array([0.5, 0.5]), np.array([0.4, 0.6]), 0.5) is None
