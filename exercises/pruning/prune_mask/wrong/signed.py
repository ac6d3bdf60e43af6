"""The weights are ranked with their sign here. Their magnitudes decide."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        mask = keep_masks([np.where(mask, weights, -np.inf)], sparsity)[0]
    return mask
