"""A weight that is 0 counts as pruned here. A kept one can be 0 too: look at the mask."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.floor(sparsity * scores.size + 1e-9)
    best_first = np.argsort(-scores, axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    left = np.where(kept.reshape(W.shape), W, 0.0)
    return np.where(left == 0, W_init, left) if back else left
