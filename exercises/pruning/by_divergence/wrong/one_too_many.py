"""One weight more goes here than should."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - min(math.floor(sparsity * scores.size + 1e-9) + 1, scores.size)
    best_first = np.argsort(-scores, axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W, W_init if back else 0.0)
