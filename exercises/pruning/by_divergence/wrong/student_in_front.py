"""Teacher and student are in each other's place here. divergence takes the teacher's logits first."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (magnitude(W), distance(W, W_init))]
    return [divergence(X @ student, V, T) for student in students]
