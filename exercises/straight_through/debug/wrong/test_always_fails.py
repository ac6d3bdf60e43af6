"""test_latent_path raises for every version, right or wrong."""


def test_latent_path(f):
    assert f(np.array([0.02]), np.array([[1.0]]), np.array([0.3]), 1.0, 0.1, 3) is None
