"""True stands for dropped here. It should stand for kept."""


def is_kept(probs, labels, k):
    first = np.argsort(-probs, axis=1, kind="stable")[:, :k]
    return ~(first == labels[:, np.newaxis]).any(axis=1)
