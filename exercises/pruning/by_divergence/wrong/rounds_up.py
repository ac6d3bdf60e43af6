"""More weights go here than were asked for: the count is rounded up. It is the floor."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.ceil(sparsity * scores.size - 1e-9)
    best_first = np.argsort(-scores, axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W, W_init if back else 0.0)
