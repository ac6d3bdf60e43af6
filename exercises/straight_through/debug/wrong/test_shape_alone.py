"""It misses a bug"""


def test_latent_path(f):
    assert f(np.array([0.1, -0.2]), np.ones((3, 2)), np.ones(3), 0.5, 0.1, 4).shape == (5, 2)
