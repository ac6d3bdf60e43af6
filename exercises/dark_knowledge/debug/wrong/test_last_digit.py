"""test_decoupled raises for every version, right or wrong. It refuses a right version: AssertionError"""


def test_decoupled(f):
    z, v = np.random.default_rng(0).normal(size=(2, 30, 7))
    y = np.arange(30) % 7
    p = np.exp(v) / np.exp(v).sum(axis=1, keepdims=True)
    assert (f(z, v, y)[2] == 1 - p[np.arange(30), y]).all()
