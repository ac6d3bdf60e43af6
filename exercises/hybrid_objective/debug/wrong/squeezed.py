"""With one feature the last axis is gone. The shape is (N, D), also where D is 1."""


def collect(weights, numbers, rows):
    order = np.concatenate(numbers)
    features = np.concatenate([batch @ weights.T for batch in rows])
    return features[np.argsort(order)].squeeze()
