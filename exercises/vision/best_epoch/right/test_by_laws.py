"""Laws: every epoch in turn is made the best one, runs alone and together, and ties."""


def test_report(f):
    rng = np.random.default_rng(0)
    for epochs, runs in ((2, 3), (5, 2), (3, 4), (6, 1)):
        for first in range(epochs):
            validation, test = rng.uniform(0.1, 0.8, (epochs, runs)), rng.uniform(0.1, 0.9, (epochs, runs))
            validation[first, 0] = 0.9
            one = f(validation[:, :1], test[:, :1])
            assert np.allclose(one, test[first, 0])
            each = [f(validation[:, [run]], test[:, [run]]) for run in range(runs)]
            assert np.allclose(f(validation, test), sum(each) / runs)
            for later in range(first + 1, epochs):
                tied = validation.copy()
                tied[later, 0] = 0.9
                assert np.allclose(f(tied[:, :1], test[:, :1]), test[first, 0])
                tied[later, 0] = 0.9 + 1e-9
                assert np.allclose(f(tied[:, :1], test[:, :1]), test[later, 0])
