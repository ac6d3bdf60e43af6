"""It misses a bug:"""


def test_training_loss(f):
    assert np.allclose(f(np.log([[1.0, 1.0, 2.0]]), np.array([0])), np.log(4))
    assert np.allclose(f(np.array([[0.0, 50.0]]), np.array([0])), 50.0)
