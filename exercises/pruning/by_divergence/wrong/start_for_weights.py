"""The start is pruned here, and not what was trained."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W_init, W_init, scores, sparsity, back) for scores in (magnitude(W), distance(W, W_init))]
    return [divergence(V, X @ student, T) for student in students]
