"""argsort without kind="stable", like argpartition, mixes equal scores. Of equal ones, the first should stay."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.floor(sparsity * scores.size + 1e-9)
    best_first = np.argsort(-scores, axis=None)
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W, W_init if back else 0.0)
