"""The order is undone the wrong way: features[order] fetches where it should put. Try the order 2, 0, 1."""


def collect(weights, numbers, rows):
    order = np.concatenate(numbers)
    features = np.concatenate([batch @ weights.T for batch in rows])
    return features[order]
