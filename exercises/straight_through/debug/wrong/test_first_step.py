"""It misses a bug"""


def test_latent_path(f):
    path = f(np.array([0.4]), np.array([[1.0]]), np.array([0.3]), 0.5, 0.1, 1)
    assert np.allclose(path, [[0.4], [0.38]])
