"""The weights are ranked by their magnitude here, whatever the scores. Use the argument `scores`."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.size - math.floor(sparsity * scores.size + 1e-9)
    best_first = np.argsort(-np.abs(W), axis=None, kind="stable")
    kept = np.zeros(scores.size, dtype=bool)
    kept[best_first[:n_kept]] = True
    return np.where(kept.reshape(W.shape), W, W_init if back else 0.0)
