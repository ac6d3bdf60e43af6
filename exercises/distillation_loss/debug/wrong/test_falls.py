"""It misses a bug:"""


def test_training_loss(f):
    labels = np.array([0, 1])
    sure, unsure = np.array([[9.0, 0.0], [0.0, 9.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    assert f(sure, labels) < f(unsure, labels)
    assert f(sure, labels) < 0.01
