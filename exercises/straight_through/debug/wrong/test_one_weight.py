"""It misses a bug"""


def test_latent_path(f):
    path = f(np.array([0.02]), np.array([[1.0]]), np.array([0.3]), 1.0, 0.1, 5)
    assert np.allclose(path, [[0.02], [-0.05], [0.08], [0.01], [-0.06], [0.07]])
