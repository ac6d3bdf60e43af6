"""The largest of the other logits stands for all of them here. It is the logarithm of the sum of their exponentials."""


def bias_for_share(logits, omitted, share):
    g = logits[:, omitted] - np.delete(logits, omitted, axis=1).max(axis=1)
    low, high = -30000.0, 30000.0
    for _ in range(200):
        b = (low + high) / 2
        if np.exp(-np.logaddexp(0, -(b + g))).mean() < share:
            low = b
        else:
            high = b
    return b
