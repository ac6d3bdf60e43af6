"""The kept weights go back to the start here, as in a lottery ticket. It is the pruned ones that do."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.floor(sparsity * scores.size + 1e-9)
    best_first = np.argsort(-scores, axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W_init if back else W, 0.0)
