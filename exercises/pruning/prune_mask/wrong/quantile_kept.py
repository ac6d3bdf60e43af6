"""A quantile lies between two scores, and keeps what is equal to it. Put the weights in an order, and count."""


def keep_masks(scores, sparsity):
    threshold = np.quantile(np.concatenate([layer.ravel() for layer in scores]), sparsity)
    return [layer >= threshold for layer in scores]
