"""0 times log 0 is NaN for NumPy, and 0 is meant. Give the logarithm another number there."""


def wrong_entropy(logits, labels):
    p_hat = wrong_classes(logits, labels)
    return -(p_hat * np.log(p_hat)).sum(axis=1)
