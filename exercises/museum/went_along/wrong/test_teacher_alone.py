"""It misses a bug:"""


def test_distil(f):
    rng = np.random.default_rng(0)
    student, teacher, inputs = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), rng.normal(size=(4, 3))
    assert np.allclose(f(student, teacher, inputs, 2.0, 0.1, 3)[1], teacher)
