"""The distance is taken of weights that are pruned already here. It is that of W."""


def compare(W, W_init, X, V, sparsity, T, back):
    first = prune(W, W_init, magnitude(W), sparsity, back)
    second = prune(W, W_init, distance(first, W_init), sparsity, back)
    return [divergence(V, X @ first, T), divergence(V, X @ second, T)]
