"""Each layer loses the same number of weights here. All layers are ranked together."""


def keep_masks(scores, sparsity):
    each = number_pruned(sum(layer.size for layer in scores), sparsity) // len(scores)
    masks = []
    for layer in scores:
        mask = np.ones(layer.size, dtype=bool)
        mask[np.argsort(layer.ravel()[::-1], kind="stable")[:each]] = False
        masks.append(mask[::-1].reshape(layer.shape))
    return masks
