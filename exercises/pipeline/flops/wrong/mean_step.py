"""This takes the mean of the losses. They add up."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) ** np.asarray(g)
    if combine == "sum":
        return max(chance, full - drops.mean())
    return full * np.prod(1 - drops / full)
