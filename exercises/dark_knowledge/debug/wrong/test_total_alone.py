"""It misses a bug:"""


def test_decoupled(f):
    rng = np.random.default_rng(5)
    z, v, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), np.array([0, 1, 2, 0])
    log_p, log_q = v - log_sum(v)[:, np.newaxis], z - log_sum(z)[:, np.newaxis]
    assert np.allclose(f(z, v, y)[0], (np.exp(log_p) * (log_p - log_q)).sum(axis=1))
