"""`combine` plays no part: this is always the sum."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) ** np.asarray(g)
    return max(chance, full - drops.sum())
