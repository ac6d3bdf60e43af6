"""It refuses a right version"""


def test_latent_path(f):
    path = f(np.array([0.02]), np.array([[1.0]]), np.array([0.3]), 1.0, 0.1, 50)
    assert abs(path[-1, 0] - 0.3) < 0.1
