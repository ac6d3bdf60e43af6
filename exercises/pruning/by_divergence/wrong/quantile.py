"""A quantile lies between two scores, and does not count. Put the weights in an order, and count."""


def prune(W, W_init, scores, sparsity, back):
    return np.where(scores > np.quantile(scores, sparsity), W, W_init if back else 0.0)
