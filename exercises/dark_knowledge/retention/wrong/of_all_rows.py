"""The entropies of all rows are added up here. Each row has its own."""


def wrong_entropy(logits, labels):
    p_hat = wrong_classes(logits, labels)
    return -(p_hat * np.log(np.where(p_hat > 0, p_hat, 1.0))).sum()
