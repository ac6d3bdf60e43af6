"""A quantile lies between two scores, and does not count. Put the weights in an order, and count k of them."""


def keep_masks(scores, sparsity):
    threshold = np.quantile(np.concatenate([layer.ravel() for layer in scores]), sparsity)
    return [layer > threshold for layer in scores]
