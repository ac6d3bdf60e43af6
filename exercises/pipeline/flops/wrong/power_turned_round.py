"""g is raised to the severity. The severity is raised to g."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(g, dtype=float) ** np.asarray(severities)
    if combine == "sum":
        return max(chance, full - drops.sum())
    return full * np.prod(1 - drops / full)
