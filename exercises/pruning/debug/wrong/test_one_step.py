"""It misses a bug: The mask is applied after the first step only"""


def test_fine_tune(f):
    rng = np.random.default_rng(5)
    weights, velocity, inputs = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(6, 4))
    targets = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    mask = np.arange(12).reshape(4, 3) % 2 == 0
    tuned = f(weights, mask, velocity, inputs, targets, 0.1, 0.9, 0.01, 1)
    q = np.exp(inputs @ (weights * mask))
    q /= q.sum(axis=1, keepdims=True)
    gradient = inputs.T @ (q - targets) / 6 + 0.01 * weights * mask
    assert np.allclose(tuned, mask * (weights * mask - 0.1 * (0.9 * velocity + gradient)))
