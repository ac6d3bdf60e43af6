"""The severity is multiplied by g. It is raised to it."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) * np.asarray(g)
    if combine == "sum":
        return max(chance, full - drops.sum())
    return full * np.prod(1 - drops / full)
