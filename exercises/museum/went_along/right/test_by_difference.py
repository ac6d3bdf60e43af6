"""Slopes of the loss itself, step after step."""


def test_distil(f):
    rng = np.random.default_rng(4)
    W, V, X, T, rate = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), rng.normal(size=(4, 2)), 1.7, 0.4

    def loss(weights):
        log_p, log_q = (np.log(softmax(X @ each, T)) for each in (V, weights))
        return T**2 * (np.exp(log_p) * (log_p - log_q)).sum() / 4

    expected = W
    for n_steps in range(4):
        student, teacher = f(W, V, X, T, rate, n_steps)
        assert np.array_equal(teacher, V)
        np.testing.assert_allclose(student, expected, rtol=1e-6, atol=1e-7)
        slopes = np.zeros(W.shape)
        for index in np.ndindex(W.shape):
            nudge = np.zeros(W.shape)
            nudge[index] = 1e-5
            slopes[index] = (loss(student + nudge) - loss(student - nudge)) / 2e-5
        expected = student - rate * slopes
