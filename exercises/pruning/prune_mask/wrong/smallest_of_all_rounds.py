"""The smallest magnitude of all rounds decides here. Each round decides by its own weights."""


def prune_in_rounds(rounds, sparsities):
    return keep_masks([np.abs(rounds).min(axis=0)], sparsities[-1])[0]
