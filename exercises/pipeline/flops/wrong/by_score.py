"""The indices stand in the order of their scores. They must rise, or the next layer is sliced in another order."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).sum(axis=(1, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    return best_first[: len(weight) - number_removed(len(weight), sparsity)].tolist()
