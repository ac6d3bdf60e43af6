"""Each row is pruned by itself here. All weights are ranked together."""


def prune(W, W_init, scores, sparsity, back):
    n_kept = scores.shape[1] - math.floor(sparsity * scores.shape[1] + 1e-9)
    rank = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1, kind="stable")
    return np.where(rank < n_kept, W, W_init if back else 0.0)
