"""A cross-entropy less an entropy, and logaddexp for the sums."""


def magnitude(W):
    return np.where(W < 0, -W, W)


def distance(W, W_init):
    return magnitude(W - W_init)


def prune(W, W_init, scores, sparsity, back):
    order = np.lexsort((-np.arange(scores.size), scores.ravel()))
    pruned = order[: math.floor(sparsity * scores.size + 1e-9)]
    left = np.array(W, dtype=float).ravel()
    left[pruned] = W_init.ravel()[pruned] if back else 0
    return left.reshape(W.shape)


def divergence(V, Z, T):
    log_p = V / T - np.logaddexp.reduce(V / T, axis=1)[:, None]
    log_q = Z / T - np.logaddexp.reduce(Z / T, axis=1)[:, None]
    p = np.exp(log_p)
    return float(np.mean(np.einsum("nc,nc->n", p, log_p) - np.einsum("nc,nc->n", p, log_q)))


def compare(W, W_init, X, V, sparsity, T, back):
    by_magnitude = prune(W, W_init, magnitude(W), sparsity, back)
    by_distance = prune(W, W_init, distance(W, W_init), sparsity, back)
    return [divergence(V, np.matmul(X, by_magnitude), T), divergence(V, np.matmul(X, by_distance), T)]
