"""Here the mean of g is taken before the sigmoid. The mean of the probabilities has to be the share."""


def bias_for_share(logits, omitted, share):
    g = logits[:, omitted] - np.logaddexp.reduce(np.delete(logits, omitted, axis=1), axis=1)
    return np.log(share / (1 - share)) - g.mean()
