"""Of those that are equal to the label none is counted before it. Those with a lower index are."""


def is_kept(probs, labels, k):
    p_y = probs[np.arange(len(labels)), labels][:, np.newaxis]
    return (probs > p_y).sum(axis=1) < k
