"""Plain Python, one weight at a time."""


def number_pruned(n, sparsity):
    return int(sparsity * n + 1e-9)


def keep_mask(weights, sparsity):
    flat = [abs(float(w)) for w in weights.ravel()]
    order = sorted(range(len(flat)), key=lambda i: (flat[i], -i))
    pruned = set(order[: number_pruned(len(flat), sparsity)])
    return np.array([i not in pruned for i in range(len(flat))]).reshape(weights.shape)


def pruned_weights(weights, init, sparsity):
    mask = keep_mask(weights, sparsity)
    to_zero, to_init = np.zeros(weights.shape), np.array(init)
    for index in np.ndindex(weights.shape):
        if mask[index]:
            to_zero[index] = to_init[index] = weights[index]
    return to_zero, to_init
