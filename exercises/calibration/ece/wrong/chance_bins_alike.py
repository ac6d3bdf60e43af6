"""Every bin counts as much as any other. Weigh each by its share of the rows."""


def chance(counts, confidences):
    return np.mean([chance_of_bin(int(n), p) for n, p in zip(counts, confidences, strict=True) if n > 0])
