"""The given Dropout for the student alone, and slopes of the loss."""


def test_train(f):
    rng = np.random.default_rng(9)
    W, V, X, rate = rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), rng.normal(size=(4, 3)), 0.7
    losses, tests = f(W, V, X, rate, 3, 5)
    assert np.shape(losses) == np.shape(tests) == (3,)
    dropout, p = Dropout(5), softmax(X @ V)
    for k in range(3):
        seen = dropout(X)

        def loss(weights, inputs=seen):
            return divergence(p, softmax(inputs @ weights))

        np.testing.assert_allclose(losses[k], loss(W), rtol=1e-6)
        slopes = np.zeros(W.shape)
        for index in np.ndindex(W.shape):
            nudge = np.zeros(W.shape)
            nudge[index] = 1e-5
            slopes[index] = (loss(W + nudge) - loss(W - nudge)) / 2e-5
        W = W - rate * slopes
        np.testing.assert_allclose(tests[k], loss(W, X), rtol=1e-6)
