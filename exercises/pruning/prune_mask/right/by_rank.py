"""A rank for every weight, and integers all the way."""


def movement_score(weights, gradients):
    return np.tensordot(np.full(len(weights), -1.0), weights * gradients, axes=1)


def number_pruned(n, sparsity):
    k = sparsity * n + 1e-9
    return int(k // 1)


def keep_masks(scores, sparsity):
    flat = np.hstack([np.asarray(layer, dtype=float).reshape(-1) for layer in scores])
    rank = np.empty(flat.size, dtype=int)
    rank[np.lexsort((-np.arange(flat.size), flat))] = np.arange(flat.size)
    kept = iter(rank >= number_pruned(flat.size, sparsity))
    return [np.array([next(kept) for _ in range(layer.size)]).reshape(layer.shape) for layer in scores]


def prune_in_rounds(rounds, sparsities):
    pruned = np.zeros(rounds[0].shape, dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        order = np.lexsort((-np.arange(weights.size), np.abs(weights).ravel(), ~pruned.ravel()))
        pruned.reshape(-1)[order[: number_pruned(weights.size, sparsity)]] = True
    return ~pruned
