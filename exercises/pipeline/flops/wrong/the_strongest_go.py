"""The strongest filters go here. Those of least score go."""


def filters_to_keep(weight, sparsity):
    scores = -np.abs(weight).sum(axis=(1, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    return sorted(best_first[: len(weight) - number_removed(len(weight), sparsity)].tolist())
