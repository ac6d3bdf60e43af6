"""So many filters stay as were to go. A sparsity is the share that goes."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).sum(axis=(1, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    return sorted(best_first[: max(number_removed(len(weight), sparsity), 1)].tolist())
