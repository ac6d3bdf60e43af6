"""The formula with plain exponentials, on one batch where N, C and T differ."""


def test_distillation_gradient(f):
    rng = np.random.default_rng(11)
    z, v, T = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 3.0
    q, p = np.exp(z / T), np.exp(v / T)
    expected = 3.0 / 4 * (q / q.sum(axis=1)[:, None] - p / p.sum(axis=1)[:, None])
    np.testing.assert_allclose(f(z, v, T), expected, rtol=1e-7)
