"""Row by row: the sums of each bin that has a row."""


def ece(confidence, correct, num_bins):
    bins = {}
    for c, right in zip(confidence.tolist(), correct.tolist(), strict=True):
        b = 0
        while c > (b + 1) / num_bins:
            b += 1
        sure, hits = bins.get(b, (0.0, 0))
        bins[b] = (sure + c, hits + right)
    return sum(abs(hits - sure) for sure, hits in bins.values()) / len(confidence)
