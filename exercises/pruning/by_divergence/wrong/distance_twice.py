"""Both students are pruned by distance here."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (distance(W, W_init), distance(W, W_init))]
    return [divergence(V, X @ student, T) for student in students]
