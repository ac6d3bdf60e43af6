"""The pruned student is compared with the unpruned one here. The teacher's logits are V."""


def compare(W, W_init, X, V, sparsity, T, back):
    students = [prune(W, W_init, scores, sparsity, back) for scores in (magnitude(W), distance(W, W_init))]
    return [divergence(X @ W, X @ student, T) for student in students]
