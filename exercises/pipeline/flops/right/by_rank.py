"""Ranks, shapes first, and axes of their own."""


def filters_to_keep(weight, sparsity):
    scores = np.abs(weight).reshape(len(weight), -1).sum(axis=1)
    index = np.arange(len(scores))
    beats = (scores[:, None] > scores) | ((scores[:, None] == scores) & (index[:, None] < index))
    return np.flatnonzero(beats.sum(axis=0) < len(scores) - number_removed(len(scores), sparsity)).tolist()


def layer_macs(input_shape, convs, dense):
    shapes = [tuple(input_shape)]
    for filters, kernel, stride, padding in convs:
        _, *sides = shapes[-1]
        shapes.append((filters, *((side - kernel + 2 * padding + stride) // stride for side in sides)))
    macs = [
        shapes[i][0] * convs[i][1] ** 2 * shapes[i + 1][0] * shapes[i + 1][1] * shapes[i + 1][2]
        for i in range(len(convs))
    ]
    inputs = [shapes[-1][0] * shapes[-1][1] * shapes[-1][2], *dense[:-1]]
    return macs + [n_in * n_out for n_in, n_out in zip(inputs, dense, strict=True)]


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [list(conv) for conv in convs]
    for conv, sparsity in zip(left, sparsities, strict=True):
        conv[0] -= number_removed(conv[0], sparsity)
    if rank is None:
        return layer_macs(input_shape, left, dense)
    n = len(convs)
    macs = layer_macs(input_shape, left, [rank, *dense])  # the first of the factors is a linear layer of `rank` units
    return [*macs[:n], macs[n] + macs[n + 1], *macs[n + 2 :]]


def dense_after(W, kept, height, width, rank):
    left = W.reshape(len(W), -1, height * width)[:, kept].reshape(len(W), -1)
    values, Q = np.linalg.eigh(left @ left.T / np.abs(left).max() ** 2)
    best = Q[:, np.argsort(-values)[:rank]]
    return best @ (best.T @ left)


def accuracy_after(full, severities, c, g, combine, chance):
    left = [full - strength * math.pow(s, power) for s, strength, power in zip(severities, c, g, strict=True)]
    if combine == "product":
        return full * math.prod(each / full for each in left)
    together = sum(left) - (len(left) - 1) * full
    return together if together > chance else chance
