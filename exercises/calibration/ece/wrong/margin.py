"""This is the distance of the two largest probabilities. The confidence is the largest alone."""


def top_label(probs, labels):
    ordered = np.sort(probs, axis=1)
    second = ordered[:, -2] if probs.shape[1] > 1 else 0.0
    return [ordered[:, -1] - second, probs.argmax(axis=1) == labels]
