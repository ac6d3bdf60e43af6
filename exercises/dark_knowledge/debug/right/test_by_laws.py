"""Laws that hold for every input, and the total from all classes at once."""


def test_decoupled(f):
    rng = np.random.default_rng(9)
    z, v, y = rng.normal(size=(5, 4)), rng.normal(size=(5, 4)), np.array([0, 1, 2, 3, 0])
    rows = np.arange(5)
    total, sure, weight, rest = f(z, v, y)
    # the divergence of all classes, and its parts
    log_p, log_q = v - log_sum(v)[:, np.newaxis], z - log_sum(z)[:, np.newaxis]
    assert np.allclose(total, (np.exp(log_p) * (log_p - log_q)).sum(axis=1))
    assert np.allclose(total, sure + weight * rest)
    # the weight is the teacher's, and what else knows nothing of the label's logits
    assert np.allclose(weight, 1 - np.exp(log_p)[rows, y])
    v_sure = v.copy()
    v_sure[rows, y] += 45.0
    assert np.allclose(f(z, v_sure, y)[3], rest)
    assert np.allclose(f(z, v_sure, y)[2], weight / (1 - weight) * np.exp(-45.0), rtol=1e-6, atol=0)
    # where the others agree only how sure is left
    z_like = v.copy()
    z_like[rows, y] += 1.0
    total, sure, weight, rest = f(z_like, v, y)
    assert np.allclose(rest, 0)
    assert np.allclose(total, sure)
