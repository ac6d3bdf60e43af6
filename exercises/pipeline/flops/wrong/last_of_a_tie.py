"""Of equal scores the last stays here. The one with the lower index stays."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).sum(axis=(1, 2, 3))
    worst_first = np.argsort(scores, kind="stable")
    return sorted(worst_first[number_removed(len(weight), sparsity) :].tolist())
