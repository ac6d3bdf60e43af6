"""The sum may come out worse than a guess here. Then it is a guess."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) ** np.asarray(g)
    if combine == "sum":
        return full - drops.sum()
    return full * np.prod(1 - drops / full)
