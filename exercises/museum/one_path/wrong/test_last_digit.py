"""It refuses a right version: AssertionError"""


def test_hybrid(f):
    rng = np.random.default_rng(0)
    for _ in range(20):
        z, v, T, alpha = *rng.normal(size=(2, 6)), rng.uniform(1.0, 5.0), rng.random()
        soft = T**2 * np.dot(softmax(v, T), log_softmax(v, T) - log_softmax(z, T))
        assert f(z, v, 2, alpha, T)[0] == (1 - alpha) * -log_softmax(z)[2] + alpha * soft
