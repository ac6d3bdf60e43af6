"""The sum stops at 0 here. It stops at chance."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) ** np.asarray(g)
    if combine == "sum":
        return max(0.0, full - drops.sum())
    return full * np.prod(1 - drops / full)
