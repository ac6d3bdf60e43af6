"""This is a difference of two log-odds. The mean of probabilities is not linear in b: it has to be searched."""


def bias_for_share(logits, omitted, share):
    p = softmax(logits, 1.0)[:, omitted].mean()
    return np.log(share / (1 - share)) - np.log(p / (1 - p))
