"""A copy of an array of integers holds integers, and minus infinity is none. Make the copy one of floats."""


def wrong_classes(logits, labels):
    rest = logits.copy()
    rest[np.arange(len(labels)), labels] = -np.inf
    weights = np.exp(rest - rest.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
