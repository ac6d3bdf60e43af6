"""This is what is lost. Asked for is what is left."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) ** np.asarray(g)
    if combine == "sum":
        return min(full - chance, drops.sum())
    return full * (1 - np.prod(1 - drops / full))
