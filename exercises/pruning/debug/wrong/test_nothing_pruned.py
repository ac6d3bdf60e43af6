"""It misses a bug:"""


def test_fine_tune(f):
    rng = np.random.default_rng(5)
    weights, velocity, inputs = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(6, 4))
    targets = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    everything = np.ones((4, 3), dtype=bool)
    step = f(weights, everything, velocity, inputs, targets, 0.1, 0.0, 0.01, 1)
    step = f(step, everything, velocity, inputs, targets, 0.1, 0.0, 0.01, 1)
    assert np.allclose(f(weights, everything, velocity, inputs, targets, 0.1, 0.0, 0.01, 2), step)
    assert np.allclose(f(weights, everything, velocity, inputs, targets, 0.0, 0.0, 0.01, 2), weights)
