"""It misses a bug:"""


def test_accumulated_step(f):
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(3, 4))
    parts = [[rng.normal(size=(2, 3)), rng.normal(size=(2, 4)), np.array([True, True])] for _ in range(3)]
    x, v = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    assert np.allclose(f(weights, parts, 2.0, 0.5), weights - 0.5 * row_gradients(weights, x, v, 2.0).mean(axis=0))
