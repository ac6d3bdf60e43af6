"""The number to prune is rounded down in every round here, of what is new. Round the whole, then take away."""


def prune_in_rounds(rounds, sparsities):
    mask, before = np.ones(rounds.shape[1:], dtype=bool), 0.0
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        k = np.count_nonzero(~mask) + number_pruned(mask.size, sparsity - before)
        mask = keep_masks([np.where(mask, np.abs(weights), -1.0)], k / mask.size)[0]
        before = sparsity
    return mask
