"""Each batch is put at the top again: the place of a row in its batch is not the number of its image."""


def collect(weights, numbers, rows):
    kept = np.zeros((sum(map(len, numbers)), len(weights)))
    for batch in rows:
        kept[: len(batch)] = batch @ weights.T
    return kept
