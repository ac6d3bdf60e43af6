"""By magnitude it is always to zero here, by distance always back. Both go where back says."""


def compare(W, W_init, X, V, sparsity, T, back):
    to_zero = prune(W, W_init, magnitude(W), sparsity, False)
    put_back = prune(W, W_init, distance(W, W_init), sparsity, True)
    return [divergence(V, X @ to_zero, T), divergence(V, X @ put_back, T)]
