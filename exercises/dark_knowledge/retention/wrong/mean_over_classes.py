"""This is the mean over the classes, and the sum is asked for."""


def wrong_entropy(logits, labels):
    p_hat = wrong_classes(logits, labels)
    return -(p_hat * np.log(np.where(p_hat > 0, p_hat, 1.0))).mean(axis=1)
