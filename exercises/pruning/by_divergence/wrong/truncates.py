"""0.29 * 100 is 28.999999999999996 in a computer, and 28 go here. Look at the small number in the formula."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - int(sparsity * scores.size)
    best_first = np.argsort(-scores, axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W, W_init if back else 0.0)
