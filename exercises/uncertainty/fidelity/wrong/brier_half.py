"""This is half of the sum. Some libraries take half for two classes; here the sum goes to 2."""


def brier(probs, labels):
    gap = probs - np.eye(probs.shape[1])[labels]
    return (gap**2).sum(axis=1) / 2
