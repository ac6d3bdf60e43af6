"""It refuses a right version: AssertionError"""


def test_epoch_loss(f):
    losses = [np.array([0.1, 0.2, 0.3, 0.7]), np.array([0.6, 0.9, 0.1])]
    labels = [np.array([0, 0, 1, 2]), np.array([0, 2, 1])]
    weights = np.array([0.3, 1.7, 2.9])
    flat, w = np.concatenate(losses), weights[np.concatenate(labels)]
    assert f(losses, labels, weights) == (w * flat).sum() / w.sum()
    assert f(losses[::-1], labels[::-1], weights) == f(losses, labels, weights)
