"""It refuses a right version"""


def test_accumulated_step(f):
    rng = np.random.default_rng(0)
    weights, x, v = rng.normal(size=(3, 4)), rng.normal(size=(70, 3)), rng.normal(size=(70, 4))
    whole = weights - 0.3 * row_gradients(weights, x, v, 3.0).mean(axis=0)
    for cut in range(1, 70):
        parts = [[x[:cut], v[:cut], np.ones(cut, dtype=bool)], [x[cut:], v[cut:], np.ones(70 - cut, dtype=bool)]]
        assert (f(weights, parts, 3.0, 0.3) == whole).all()
