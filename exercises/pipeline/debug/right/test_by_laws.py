"""Laws, each on filters whose norms are written down."""


def test_without_filters(f):
    rng = np.random.default_rng(1)
    W1 = np.array([[1.0, 1.0], [4.0, -3.5], [0.5, -0.25], [2.5, 0.5], [0.0, 3.0], [-6.0, 1.0]])
    b1, b2 = np.array([0.8, 2.0, 3.0, 0.5, 1.2, 0.4]), np.array([1.0, -0.5])
    weakest_first = [2, 0, 4, 3, 5, 1]
    for places in (1, 2, 5):
        patches, W2 = rng.normal(size=(4, places, 2)), rng.normal(size=(2, 6 * places))
        for n in range(6):
            gone = weakest_first[:n]
            silent = W2.copy()
            for i in gone:
                silent[:, i * places : (i + 1) * places] = 0.0
            left = f(patches, W1, b1, W2, b2, n)
            # who reads nothing of them answers the same whether they are there or not
            assert np.allclose(left, f(patches, W1, b1, silent, b2, n))
            assert np.allclose(left, f(patches, W1, b1, silent, b2, 0))
        # with nothing taken out, each filter adds what it says at each place
        for i in range(6):
            for p in range(places):
                one = np.zeros(W2.shape)
                one[:, i * places + p] = [2.0, -1.0]
                channel = np.maximum(patches[:, p] @ W1[i] + b1[i], 0.0)
                assert np.allclose(f(patches, W1, b1, one, b2, 0), channel[:, np.newaxis] * [2.0, -1.0] + b2)
