"""A batch that is shorter than the first is left out, and its images are told zeros."""


def collect(weights, numbers, rows):
    kept = np.zeros((sum(map(len, numbers)), len(weights)))
    for of_batch, batch in zip(numbers, rows, strict=True):
        if len(batch) >= len(rows[0]):
            kept[of_batch] = batch @ weights.T
    return kept
