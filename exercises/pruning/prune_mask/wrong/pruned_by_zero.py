"""A weight that is 0 counts as pruned here, though it may be one that is kept. Remember the mask."""


def prune_in_rounds(rounds, sparsities):
    kept = np.ones(rounds.shape[1:])
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        weights = np.where(kept != 0, weights, 0.0)
        kept = np.where(keep_masks([np.abs(weights)], sparsity)[0], weights, 0.0)
    return kept != 0
