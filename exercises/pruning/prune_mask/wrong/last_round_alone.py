"""Only the last round counts here. A weight that was pruned before has come back into the mask."""


def prune_in_rounds(rounds, sparsities):
    return keep_masks([np.abs(rounds[-1])], sparsities[-1])[0]
