"""All scores at the threshold go here. Among equal ones that is too many: exactly k go."""


def prune(W, W_init, scores, sparsity, back):
    n_pruned = math.floor(sparsity * scores.size + 1e-9)
    threshold = np.append(-np.inf, np.sort(scores, axis=None))[n_pruned]
    return np.where(scores > threshold, W, W_init if back else 0.0)
