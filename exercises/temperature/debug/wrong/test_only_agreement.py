"""It misses a bug: The softmax runs over the samples here"""


def test_distillation_gradient(f):
    z = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 1.0]])
    assert np.allclose(f(z, z, 2.0), 0)
    assert not np.allclose(f(z, -z, 2.0), 0)
