"""It misses a bug:"""


def test_accumulated_step(f):
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(3, 4))
    masks = [np.array(mask) for mask in ([True], [True, False, True, True], [False, True])]
    parts = [[rng.normal(size=(len(mask), 3)), rng.normal(size=(len(mask), 4)), mask] for mask in masks]
    x, v = (np.concatenate([part[i][part[2]] for part in parts]) for i in (0, 1))
    assert np.allclose(f(weights, parts, 2.0, 0.5), weights - 0.5 * row_gradients(weights, x, v, 2.0).mean(axis=0))
