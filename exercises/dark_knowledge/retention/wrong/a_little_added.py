"""A small number is added inside the logarithm. It shows where the entropy is next to 0."""


def wrong_entropy(logits, labels):
    p_hat = wrong_classes(logits, labels)
    return -(p_hat * np.log(p_hat + 1e-9)).sum(axis=1)
