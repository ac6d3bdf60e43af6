"""Differences of the loss itself, computed in the test."""


def test_distillation_gradient(f):
    rng = np.random.default_rng(7)
    z, v, T, step = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), 2.5, 1e-4

    def loss(z):
        p, log_q = softmax(v, T), np.log(softmax(z, T))
        return T**2 * np.mean(np.sum(p * (np.log(p) - log_q), axis=1))

    by_difference = np.zeros(z.shape)
    for index in np.ndindex(z.shape):
        nudge = np.zeros(z.shape)
        nudge[index] = step
        by_difference[index] = (loss(z + nudge) - loss(z - nudge)) / (2 * step)
    np.testing.assert_allclose(f(z, v, T), by_difference, rtol=1e-5, atol=1e-8)
