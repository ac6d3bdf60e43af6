"""It misses a bug:"""


def test_decoupled(f):
    rng = np.random.default_rng(1)
    z, v, y = rng.normal(size=(6, 4)), rng.normal(size=(6, 4)), np.arange(6) % 4
    assert all((part >= -1e-12).all() for part in f(z, v, y))
