"""What one round keeps is kept here, whatever the others say. What is pruned once stays pruned."""


def prune_in_rounds(rounds, sparsities):
    mask = np.zeros(rounds.shape[1:], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        mask |= keep_masks([np.abs(weights)], sparsity)[0]
    return mask
