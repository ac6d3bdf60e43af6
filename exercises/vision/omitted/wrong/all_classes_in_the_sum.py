"""The omitted class is in the sum of the others here. Then b is added against itself."""


def bias_for_share(logits, omitted, share):
    g = logits[:, omitted] - np.logaddexp.reduce(logits, axis=1)
    low, high = -30000.0, 30000.0
    for _ in range(200):
        b = (low + high) / 2
        if np.exp(-np.logaddexp(0, -(b + g))).mean() < share:
            low = b
        else:
            high = b
    return b
