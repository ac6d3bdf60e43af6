"""This is divided by the largest entropy there is, log(C - 1). It is asked for in nats."""


def wrong_entropy(logits, labels):
    p_hat = wrong_classes(logits, labels)
    H = -(p_hat * np.log(np.where(p_hat > 0, p_hat, 1.0))).sum(axis=1)
    return H / np.log(max(p_hat.shape[1] - 1, 2))
