"""One after the other, in plain Python."""


def filters_to_keep(weight, sparsity):
    scores = [sum(abs(w) for w in row.ravel().tolist()) for row in weight]
    goes = number_removed(len(scores), sparsity)
    worst_first = sorted(range(len(scores)), key=lambda i: (scores[i], -i))
    return sorted(worst_first[goes:])


def layer_macs(input_shape, convs, dense):
    shape, found = list(input_shape), []
    for filters, kernel, stride, padding in convs:
        size = [math.floor((side + 2 * padding - kernel) / stride) + 1 for side in shape[1:]]
        found.append(size[0] * size[1] * filters * shape[0] * kernel**2)
        shape = [filters, *size]
    widths = [math.prod(shape), *dense]
    for inputs, outputs in zip(widths[:-1], widths[1:], strict=True):
        found.append(inputs * outputs)
    return found


def macs_after(input_shape, convs, dense, sparsities, rank):
    channels, height, width = input_shape
    found = []
    for (filters, kernel, stride, padding), sparsity in zip(convs, sparsities, strict=True):
        filters -= number_removed(filters, sparsity)
        height, width = ((side + 2 * padding - kernel) // stride + 1 for side in (height, width))
        found.append(height * width * kernel**2 * channels * filters)
        channels = filters
    features = channels * height * width
    for i, units in enumerate(dense):
        found.append(features * units if i or rank is None else rank * (features + units))
        features = units
    return found


def dense_after(W, kept, height, width, rank):
    size = height * width
    blocks = [W[:, c * size : c * size + size] for c in kept]
    left = np.concatenate(blocks, axis=1)
    U, s, Vt = np.linalg.svd(left)
    nearest = np.zeros(left.shape)
    for i in range(rank):
        nearest = nearest + s[i] * np.outer(U[:, i], Vt[i])
    return nearest


def accuracy_after(full, severities, c, g, combine, chance):
    accuracy = full
    for severity, strength, power in zip(severities, c, g, strict=True):
        loss = strength * severity**power
        accuracy = accuracy - loss if combine == "sum" else accuracy * (full - loss) / full
    return max(accuracy, chance) if combine == "sum" else accuracy
