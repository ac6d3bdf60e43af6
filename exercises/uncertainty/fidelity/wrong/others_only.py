"""The class of the label counts too: it has 1 to be near to."""


def brier(probs, labels):
    gap = probs - np.eye(probs.shape[1])[labels]
    gap[np.arange(len(labels)), labels] = 0
    return (gap**2).sum(axis=1)
