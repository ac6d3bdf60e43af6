"""The weights of the first round decide in every round here. Each round has weights of its own."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for sparsity in sparsities:
        scores = np.where(mask, np.abs(rounds[0]), -1.0)
        mask = keep_masks([scores], sparsity)[0]
    return mask
