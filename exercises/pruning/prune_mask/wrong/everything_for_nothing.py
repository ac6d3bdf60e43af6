"""order[-k:] is everything where k is 0, and so everything is pruned where nothing should be. Cut at len(order) - k."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([each.ravel() for each in scores])
    k = number_pruned(flat.size, sparsity)
    order = np.argsort(-flat, kind="stable")
    mask = np.ones(flat.size, dtype=bool)
    mask[order[-k:]] = False
    ends = np.cumsum([each.size for each in scores])[:-1]
    return [part.reshape(each.shape) for part, each in zip(np.split(mask, ends), scores, strict=True)]
