"""Each row is pruned by itself here. All weights of the array are ranked together."""


def keep_mask(weights, sparsity):
    n_kept = weights.shape[-1] - number_pruned(weights.shape[-1], sparsity)
    order = np.argsort(-np.abs(weights), axis=-1, kind="stable")
    mask = np.zeros(weights.shape, dtype=bool)
    np.put_along_axis(mask, order[..., :n_kept], True, axis=-1)
    return mask
