"""The divergence is taken at T = 1 here. Pass T on."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (magnitude(W), distance(W, W_init))]
    return [divergence(V, X @ student, 1.0) for student in students]
