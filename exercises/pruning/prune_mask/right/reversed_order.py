"""The lowest first, in the reversed array, so that of equal scores the last goes first."""


def movement_score(weights, gradients):
    return -np.einsum("t...,t...->...", weights, gradients)


def number_pruned(n, sparsity):
    return int(np.floor(n * sparsity + 1e-9))


def keep_masks(scores, sparsity):
    flat = np.concatenate(scores, axis=None)
    lowest = flat.size - 1 - np.argsort(flat[::-1], kind="stable")[: number_pruned(flat.size, sparsity)]
    kept = ~np.isin(np.arange(flat.size), lowest)
    ends = np.cumsum([layer.size for layer in scores])
    return [kept[end - layer.size : end].reshape(layer.shape) for layer, end in zip(scores, ends, strict=True)]


def prune_in_rounds(rounds, sparsities):
    magnitudes = np.abs(rounds)
    for r, sparsity in enumerate(sparsities):
        mask = keep_masks([magnitudes[r]], sparsity)[0]
        magnitudes[r:, ~mask] = -np.inf
    return mask
