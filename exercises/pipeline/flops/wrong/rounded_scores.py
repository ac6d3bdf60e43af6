"""Scores are rounded before they are compared: two that differ, however little, are not equal."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).sum(axis=(1, 2, 3)).round(6)
    best_first = np.argsort(-scores, kind="stable")
    return sorted(best_first[: len(weight) - number_removed(len(weight), sparsity)].tolist())
