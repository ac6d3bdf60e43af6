"""test_latent_path passes for every version, right or wrong."""


def test_latent_path(f):
    f(np.array([0.02]), np.array([[1.0]]), np.array([0.3]), 1.0, 0.1, 3)
