"""These are the images in their order. Their features are asked for."""


def collect(weights, numbers, rows):
    kept = np.empty((sum(map(len, numbers)), rows[0].shape[1]))
    kept[np.concatenate(numbers)] = np.concatenate(rows)
    return kept
