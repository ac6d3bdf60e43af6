"""One large weight decides here. The score is the sum of all sizes."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).max(axis=(1, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    return sorted(best_first[: len(weight) - number_removed(len(weight), sparsity)].tolist())
