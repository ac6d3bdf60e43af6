"""Beside a loop written in the test."""


def test_fine_tune(f):
    rng = np.random.default_rng(5)
    weights, velocity, inputs = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(6, 4))
    targets = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    mask = np.arange(12).reshape(4, 3) % 2 == 0
    weights[0, 0] = 0.0
    kept, v = weights * mask, velocity * mask
    for _ in range(4):
        q = np.exp(inputs @ kept)
        q /= q.sum(axis=1, keepdims=True)
        v = 0.9 * v + mask * (inputs.T @ (q - targets) / 6 + 0.01 * kept)
        kept = kept - 0.1 * v
    assert np.allclose(f(weights, mask, velocity, inputs, targets, 0.1, 0.9, 0.01, 4), kept)
