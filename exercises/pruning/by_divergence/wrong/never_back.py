"""The pruned weights are set to zero here, whatever back says. Pass it on."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, False) for scores in (magnitude(W), distance(W, W_init))]
    return [divergence(V, X @ student, T) for student in students]
