"""The two numbers are swapped here. By magnitude comes first."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (distance(W, W_init), magnitude(W))]
    return [divergence(V, X @ student, T) for student in students]
