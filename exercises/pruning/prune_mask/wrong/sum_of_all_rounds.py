"""The magnitudes of all rounds together decide here. Each round decides by its own weights."""


def prune_in_rounds(rounds, sparsities):
    return keep_masks([np.abs(rounds).sum(axis=0)], sparsities[-1])[0]
