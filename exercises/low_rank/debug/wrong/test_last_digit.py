"""test_compress raises for every version, right or wrong. It refuses a right version: AssertionError"""


def test_compress(f):
    W = np.random.default_rng(0).normal(size=(9, 2)) @ np.random.default_rng(1).normal(size=(2, 7))
    b, x = np.arange(9.0), np.arange(7.0)
    assert (apply(f(W, b, 0.999), x) == W @ x + b).all()
