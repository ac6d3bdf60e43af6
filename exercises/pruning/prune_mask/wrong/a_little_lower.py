"""Beside a large number a tiny one is lost: so a pruned weight ties with a kept one here. Give it a score of -1."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        scores = np.where(mask, np.abs(weights), np.abs(weights).min() - 1e-13)
        mask = keep_masks([scores], sparsity)[0]
    return mask
