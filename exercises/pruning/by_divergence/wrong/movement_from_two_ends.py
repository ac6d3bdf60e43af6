"""The second score is W (W - W_init) here, a guess at published movement. Asked is the distance."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (magnitude(W), W * (W - W_init))]
    return [divergence(V, X @ student, T) for student in students]
