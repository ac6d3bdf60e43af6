"""test_js passes for every version, right or wrong."""


def test_js(f):
    f(np.array([0.5, 0.5]), np.array([0.4, 0.6]), 0.5)
