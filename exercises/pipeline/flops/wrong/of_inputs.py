"""These are scores of the input channels. A filter stands on the first axis."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).sum(axis=(0, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    return sorted(best_first[: len(scores) - number_removed(len(scores), sparsity)].tolist())
