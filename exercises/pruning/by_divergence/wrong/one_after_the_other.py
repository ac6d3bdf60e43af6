"""The second student is made of the first here, which is pruned already. Both are made of W."""


def compare(W, W_init, X, V, sparsity, T, back):
    first = prune(W, W_init, magnitude(W), sparsity, back)
    second = prune(first, W_init, distance(W, W_init), sparsity, back)
    return [divergence(V, X @ first, T), divergence(V, X @ second, T)]
