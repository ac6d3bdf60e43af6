"""It refuses"""


def test_difference_interval(f):
    rng = np.random.default_rng(0)
    losses = np.arange(5.0)
    means = losses[rng.integers(5, size=(20, 5))].mean(axis=1)
    assert np.allclose(f(losses, np.zeros(5), 0, 20, 0.9), np.quantile(means, [0.05, 0.95]))
