"""1 - sparsity is passed on here. prune takes the share that goes."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, 1 - sparsity, back) for scores in (magnitude(W), distance(W, W_init))]
    return [divergence(V, X @ student, T) for student in students]
