"""This is the squared error of the weights. The inputs count as well: H stands between the misses."""


def output_error(w, q, H):
    return np.sum((w - q) ** 2)
