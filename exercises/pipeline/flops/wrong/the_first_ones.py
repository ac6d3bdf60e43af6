"""The first filters stay, whatever their scores."""


def filters_to_keep(weight, sparsity):
    return list(range(len(weight) - number_removed(len(weight), sparsity)))
