"""The search begins between -10 and 10 here, and the answer may lie far outside."""


def bias_for_share(logits, omitted, share):
    g = logits[:, omitted] - np.logaddexp.reduce(np.delete(logits, omitted, axis=1), axis=1)
    low, high = -10.0, 10.0
    for _ in range(200):
        b = (low + high) / 2
        if np.exp(-np.logaddexp(0, -(b + g))).mean() < share:
            low = b
        else:
            high = b
    return b
