"""The rows stand in the order in which they came. Row i must belong to image i."""


def collect(weights, numbers, rows):
    return np.concatenate([batch @ weights.T for batch in rows])
