"""The product stops at chance here. Only the sum does."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) ** np.asarray(g)
    if combine == "sum":
        return max(chance, full - drops.sum())
    return max(chance, full * np.prod(1 - drops / full))
