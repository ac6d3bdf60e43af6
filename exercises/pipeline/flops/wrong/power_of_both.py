"""The strength c is raised to the power as well. The power is of the severity alone."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = (np.asarray(c) * np.asarray(severities, dtype=float)) ** np.asarray(g)
    if combine == "sum":
        return max(chance, full - drops.sum())
    return full * np.prod(1 - drops / full)
