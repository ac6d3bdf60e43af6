"""Counts of rows instead of rows, and the ends by hand."""


def nll(log_probs, labels):
    return np.array([-row[label] for row, label in zip(log_probs, labels, strict=True)])


def brier(probs, labels):
    scores = []
    for row, label in zip(probs, labels, strict=True):
        others = np.delete(row, label)
        scores.append((1 - row[label]) ** 2 + np.sum(others**2))
    return np.array(scores)


def bootstrap_means(losses, indices):
    counts = np.array([np.bincount(row, minlength=len(losses)) for row in indices])
    return counts @ losses / len(losses)


def interval(means, level):
    ordered = np.sort(means)
    ends = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        place = tail * (len(ordered) - 1)
        k = int(np.floor(place))
        above = min(k + 1, len(ordered) - 1)
        ends.append(ordered[k] + (place - k) * (ordered[above] - ordered[k]))
    return np.array(ends)
