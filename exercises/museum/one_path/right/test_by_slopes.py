"""The value by another road, and the gradient as slopes of that value."""


def test_hybrid(f):
    rng = np.random.default_rng(8)

    def loss(z, v, y, alpha, T):
        log_sum, soft_sum, teacher_sum = (np.log(np.exp(u).sum()) for u in (z, z / T, v / T))
        p = np.exp(v / T - teacher_sum)
        soft = (p * (v / T - teacher_sum - z / T + soft_sum)).sum()
        return (1 - alpha) * (log_sum - z[y]) + alpha * T * T * soft

    for alpha in (0.0, 0.03, 0.21, 0.5, 0.97, 1.0):
        for T in (0.8, 4.0):
            z, v, y = rng.normal(size=5), 2 * rng.normal(size=5), 3
            v[0] = 4.0
            value, gradient = f(z, v, y, alpha, T)
            np.testing.assert_allclose(value, loss(z, v, y, alpha, T), rtol=1e-8)
            nudges = 1e-5 * np.eye(5)
            slopes = [(loss(z + d, v, y, alpha, T) - loss(z - d, v, y, alpha, T)) / 2e-5 for d in nudges]
            np.testing.assert_allclose(gradient, slopes, rtol=1e-5, atol=1e-7)
