"""It misses a bug: A batch that is shorter than the first is left out"""


def test_collect(f):
    images = np.random.default_rng(0).normal(size=(6, 2))
    numbers = [np.array([2, 4, 5]), np.array([1, 0, 3])]
    assert np.allclose(f(np.eye(2), numbers, [images[of_batch] for of_batch in numbers]), images)
