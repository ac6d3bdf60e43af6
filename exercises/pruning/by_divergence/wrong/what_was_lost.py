"""What was taken away is compared with the teacher here. Compare what is left."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (magnitude(W), distance(W, W_init))]
    return [divergence(V, X @ (W - student), T) for student in students]
