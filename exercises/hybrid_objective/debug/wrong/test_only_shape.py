"""test_collect passes for every version, right or wrong."""


def test_collect(f):
    images = np.random.default_rng(0).normal(size=(5, 2))
    numbers = [np.array([2, 0, 4]), np.array([1, 3])]
    assert f(np.eye(2), numbers, [images[of_batch] for of_batch in numbers]).shape == (5, 2)
