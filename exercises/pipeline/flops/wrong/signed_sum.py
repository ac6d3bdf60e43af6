"""5 and -5 cancel in this score. Add the sizes of the weights, not the weights."""


def filters_to_keep(weight, sparsity):
    scores = weight.sum(axis=(1, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    return sorted(best_first[: len(weight) - number_removed(len(weight), sparsity)].tolist())
