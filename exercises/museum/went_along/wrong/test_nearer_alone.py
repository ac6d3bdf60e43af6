"""It misses a bug:"""


def test_distil(f):
    rng = np.random.default_rng(0)
    student, teacher, inputs = np.zeros((3, 3)), rng.normal(size=(3, 3)), rng.normal(size=(4, 3))
    learned, same = f(student, teacher, inputs, 2.0, 0.1, 3)
    assert np.allclose(same, teacher)
    assert (
        np.abs(softmax(inputs @ learned) - softmax(inputs @ teacher)).sum()
        < np.abs(1 / 3 - softmax(inputs @ teacher)).sum()
    )
