"""Equal scores are kept column by column here. The order of `ravel()` is row by row."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.floor(sparsity * scores.size + 1e-9)
    best_first = np.arange(scores.size).reshape(scores.shape).T.ravel()[np.argsort(-scores.T, axis=None, kind="stable")]
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W, W_init if back else 0.0)
