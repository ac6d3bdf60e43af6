"""Number by number."""


def two_signs(W):
    signs = np.ones(W.shape)
    for place in np.ndindex(W.shape):
        if W[place] < 0:
            signs[place] = -1.0
    return signs


def best_scale(W, axis):
    rows = [W] if axis is None else W
    means = [sum(abs(w) / np.size(row) for w in np.ravel(row)) for row in rows]
    return means[0] if axis is None else np.array(means)


def one_bit(W, axis):
    values = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        m = best_scale(W, None) if axis is None else best_scale(W, 0)[place[0]]
        values[place] = m if W[place] >= 0 else -m
    return values


def squared_error(W, axis):
    return sum((w - v) ** 2 for w, v in zip(W.flat, one_bit(W, axis).flat, strict=True)) / W.size
