"""The power g is missing."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float)
    if combine == "sum":
        return max(chance, full - drops.sum())
    return full * np.prod(1 - drops / full)
