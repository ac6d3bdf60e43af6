"""An array of integers cannot hold where a weight started: 0.7 becomes 0 there. Make an array of floats."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.floor(sparsity * scores.size + 1e-9)
    best_first = np.argsort(-scores, axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    left = W.copy()
    left.ravel()[~kept] = W_init.ravel()[~kept] if back else 0
    return left
