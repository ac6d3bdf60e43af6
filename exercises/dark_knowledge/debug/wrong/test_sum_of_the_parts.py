"""It misses a bug:"""


def test_decoupled(f):
    rng = np.random.default_rng(5)
    z, v, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), np.array([0, 1, 2, 0])
    total, sure, weight, rest = f(z, v, y)
    assert np.allclose(total, sure + weight * rest)
