"""In the product each loss is divided by the accuracy before."""


def accuracy_after(full, severities, c, g, combine, chance):
    drops = np.asarray(c) * np.asarray(severities, dtype=float) ** np.asarray(g)
    if combine == "sum":
        return max(chance, full - drops.sum())
    return full * np.prod(1 - drops)
