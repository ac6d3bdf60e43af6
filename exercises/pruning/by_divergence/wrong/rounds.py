"""The count is rounded to the nearest whole number here. It is the floor: never more than was asked for."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - round(sparsity * scores.size)
    best_first = np.argsort(-scores, axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W, W_init if back else 0.0)
