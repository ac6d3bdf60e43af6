"""It misses a bug:"""


def test_distillation_gradient(f):
    z = np.array([[0.3, 0.1, 0.2]] * 2)
    gradient = f(z, z + 1e-9, 3.0)
    assert np.allclose(gradient, 0, atol=1e-6)
