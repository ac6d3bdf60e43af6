"""W_init is added to every weight here, to the kept ones too. It is for the pruned ones alone."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.floor(sparsity * scores.size + 1e-9)
    best_first = np.argsort(-scores, axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return W * kept.reshape(W.shape) + (W_init if back else 0.0)
