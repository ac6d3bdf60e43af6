"""Both students are pruned by magnitude here."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (magnitude(W), magnitude(W))]
    return [divergence(V, X @ student, T) for student in students]
