"""Row by row: a count, and two sums, for each bin that has one."""


def ece(confidence, correct, num_bins):
    bins = {}
    for c, right in zip(confidence.tolist(), correct.tolist(), strict=True):
        b = 0
        while b + 1 < num_bins and c > (b + 1) / num_bins:
            b += 1
        count, sure, hits = bins.get(b, (0, 0.0, 0))
        bins[b] = (count + 1, sure + c, hits + right)
    return sum(abs(hits - sure) for _, sure, hits in bins.values()) / len(confidence)
