"""It misses a bug: The weighted losses are divided by the number of rows here."""


def test_epoch_loss(f):
    losses, labels = [np.array([0.5, 0.5, 0.5, 2.0]), np.full(4, 0.5)], [np.array([0, 0, 0, 1]), np.zeros(4, int)]
    assert np.allclose(f(losses, labels, np.array([4 / 7, 4.0])), 1.25)
