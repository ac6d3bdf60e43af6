"""The losses are taken from what lies above chance. They are of the whole accuracy."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) ** np.asarray(g)
    if combine == "sum":
        return max(chance, full - drops.sum())
    return chance + (full - chance) * np.prod(1 - drops / full)
