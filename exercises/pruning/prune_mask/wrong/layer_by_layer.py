"""Each layer is pruned by itself here. All layers are ranked together."""


def keep_masks(scores, sparsity):
    masks = []
    for layer in scores:
        mask = np.zeros(layer.size, dtype=bool)
        n_kept = layer.size - number_pruned(layer.size, sparsity)
        mask[np.argsort(-layer.ravel(), kind="stable")[:n_kept]] = True
        masks.append(mask.reshape(layer.shape))
    return masks
