"""All scores at the threshold stay here. Among equal ones too few go: exactly k do."""


def prune(W, W_init, scores, sparsity, back):
    n_pruned = math.floor(sparsity * scores.size + 1e-9)
    threshold = np.append(np.sort(scores, axis=None), np.inf)[n_pruned]
    return np.where(scores >= threshold, W, W_init if back else 0.0)
