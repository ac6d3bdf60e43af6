"""A threshold, and the ties filled up in their order."""


def magnitude(W):
    return np.sqrt(np.square(W))


def distance(W, W_init):
    return np.maximum(W - W_init, W_init - W)


def prune(W, W_init, scores, sparsity, back):
    flat = scores.ravel()
    n_pruned = int(sparsity * flat.size + 1e-9)
    if n_pruned == 0:
        return W.astype(float)
    threshold = np.sort(flat)[n_pruned - 1]
    level = flat == threshold
    kept = (flat > threshold) | (level & (np.cumsum(level) <= level.sum() + (flat < threshold).sum() - n_pruned))
    kept = kept.reshape(scores.shape)
    return W * kept + (W_init if back else 0.0) * ~kept
