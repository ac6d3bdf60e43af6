"""Scores are compared with a threshold here, and equal ones go or stay together. Count how many stay."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).sum(axis=(1, 2, 3))
    return np.flatnonzero(scores >= np.sort(scores)[number_removed(len(weight), sparsity)]).tolist()
