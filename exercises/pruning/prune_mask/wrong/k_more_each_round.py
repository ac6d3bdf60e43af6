"""Each round prunes k more weights here. The k of a round are all that are pruned after it."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        k = min(mask.size, mask.size - mask.sum() + number_pruned(mask.size, sparsity))
        mask = keep_masks([np.where(mask, np.abs(weights), -1.0)], k / mask.size)[0]
    return mask
