"""Only the first batch is kept."""


def collect(weights, numbers, rows):
    kept = np.zeros((sum(map(len, numbers)), len(weights)))
    kept[numbers[0]] = rows[0] @ weights.T
    return kept
