"""An empty bin is divided by its 0 rows. It adds nothing: leave it out."""


def chance(counts, confidences):
    gaps = [chance_of_bin(int(n), p) if n > 0 else np.nan for n, p in zip(counts, confidences, strict=True)]
    return (counts * np.array(gaps)).sum() / counts.sum()
