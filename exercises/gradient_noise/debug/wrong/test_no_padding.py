"""It misses a bug:"""


def test_accumulated_step(f):
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(3, 4))
    parts = [[rng.normal(size=(n, 3)), rng.normal(size=(n, 4)), np.ones(n, dtype=bool)] for n in (1, 4, 2)]
    x, v = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    assert np.allclose(f(weights, parts, 2.0, 0.5), weights - 0.5 * row_gradients(weights, x, v, 2.0).mean(axis=0))
