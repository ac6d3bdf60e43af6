"""Pruned weights are zero from the start on, kept ones move, and without momentum three steps are three times one."""


def test_fine_tune(f):
    rng = np.random.default_rng(5)
    weights, velocity, inputs = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(6, 4))
    targets = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    mask = np.arange(12).reshape(4, 3) % 2 == 0
    weights[0, 0] = 0.0
    tuned = f(weights, mask, velocity, inputs, targets, 0.1, 0.9, 0.01, 3)
    assert (tuned[~mask] == 0).all()
    assert (tuned[mask] != 0).all()
    step = f(weights, mask, velocity, inputs, targets, 0.1, 0.0, 0.01, 0)
    assert (step[~mask] == 0).all()
    for _ in range(3):
        step = f(step, mask, velocity, inputs, targets, 0.1, 0.0, 0.01, 1)
    assert np.allclose(f(weights, mask, velocity, inputs, targets, 0.1, 0.0, 0.01, 3), step)
