"""It misses a bug:"""


def test_decoupled(f):
    z = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 1.0]])
    total, sure, weight, rest = f(z, z, np.array([0, 1]))
    assert np.allclose([total, sure, rest], 0)
    assert (weight > 0).all()
