"""The sparsity is taken of the weights that are left here. It is the fraction of all weights of the layer."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        k = mask.size - mask.sum() + number_pruned(int(mask.sum()), sparsity)
        scores = np.where(mask, np.abs(weights), -1.0)
        mask = keep_masks([scores], k / mask.size)[0]
    return mask
