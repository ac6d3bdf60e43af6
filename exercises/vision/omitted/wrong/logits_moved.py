"""This returns the logits with b added. Asked for is b."""


def bias_for_share(logits, omitted, share):
    g = logits[:, omitted] - np.logaddexp.reduce(np.delete(logits, omitted, axis=1), axis=1)
    low, high = -30000.0, 30000.0
    for _ in range(200):
        b = (low + high) / 2
        if np.exp(-np.logaddexp(0, -(b + g))).mean() < share:
            low = b
        else:
            high = b
    return logits + b * (np.arange(logits.shape[1]) == omitted)
