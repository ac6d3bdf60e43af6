"""A threshold, and the ties filled up in their order."""


def movement_score(weights, gradients):
    return sum(-w * g for w, g in zip(weights, gradients, strict=True))


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    n_kept = flat.size - number_pruned(flat.size, sparsity)
    threshold = np.append(np.sort(flat)[::-1], np.inf)[n_kept - 1]
    above, level = flat > threshold, flat == threshold
    kept = above | (level & (np.cumsum(level) <= n_kept - above.sum()))
    masks = []
    for layer in scores:
        masks.append(kept[: layer.size].reshape(layer.shape))
        kept = kept[layer.size :]
    return masks


def prune_in_rounds(rounds, sparsities):
    mask = np.full(rounds.shape[1:], True)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        mask = keep_masks([np.where(mask, np.abs(weights), -np.inf)], sparsity)[0]
    return mask
