"""Twenty orders drawn, batches of every size."""


def test_collect(f):
    rng = np.random.default_rng(5)
    for _ in range(20):
        images, weights = rng.normal(size=(9, 4)), rng.normal(size=(3, 4))
        numbers = np.split(rng.permutation(9), [4, 6])
        table = f(weights, numbers, [images[of_batch] for of_batch in numbers])
        np.testing.assert_allclose(table, images @ weights.T, rtol=1e-7)
