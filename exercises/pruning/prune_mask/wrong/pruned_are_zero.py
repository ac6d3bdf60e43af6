"""Among weights that are 0, one that was pruned can come back here."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        mask = keep_masks([np.abs(weights * mask)], sparsity)[0]
    return mask
