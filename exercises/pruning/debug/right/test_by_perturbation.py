"""What stands in the pruned places, and what the velocity is there, must not matter."""


def test_fine_tune(f):
    rng = np.random.default_rng(5)
    weights, velocity, inputs = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(6, 4))
    targets = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    mask = np.arange(12).reshape(4, 3) % 2 == 0
    weights[0, 0] = 0.0
    noise = ~mask * rng.normal(size=mask.shape)
    tuned = f(weights, mask, velocity, inputs, targets, 0.1, 0.9, 0.01, 4)
    assert np.allclose(tuned[~mask], 0)
    assert np.allclose(f(weights + noise, mask, velocity, inputs, targets, 0.1, 0.9, 0.01, 4), tuned)
    assert np.allclose(f(weights, mask, velocity + 5 * noise, inputs, targets, 0.1, 0.9, 0.01, 4), tuned)
    assert (tuned[mask] != 0).all()
