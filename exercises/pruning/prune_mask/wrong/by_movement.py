"""How far a weight moved since the first round decides here. The magnitude should."""


def prune_in_rounds(rounds, sparsities):
    mask = keep_masks([np.abs(rounds[0])], sparsities[0])[0]
    for weights, sparsity in zip(rounds[1:], sparsities[1:], strict=True):
        scores = np.where(mask, np.abs(weights - rounds[0]), -1.0)
        mask = keep_masks([scores], sparsity)[0]
    return mask
