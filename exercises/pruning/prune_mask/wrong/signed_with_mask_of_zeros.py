"""The pruned weights get the score 0 here, and kept ones below 0 rank lower. Rank magnitudes, the pruned first."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        mask = keep_masks([weights * mask], sparsity)[0]
    return mask
