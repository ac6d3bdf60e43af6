"""`np.digitize` closes bins on the right; sums by a table of rows and bins."""


def top_label(probs, labels):
    answer = np.argmax(probs, axis=1)
    return [probs[np.arange(len(labels)), answer], np.equal(answer, labels)]


def bin_of(confidence, num_bins):
    edges = np.arange(1, num_bins) / num_bins
    return np.digitize(confidence, edges, right=True)


def ece(confidence, correct, num_bins):
    inside = bin_of(confidence, num_bins)[:, np.newaxis] == np.arange(num_bins)
    gaps = correct.astype(float) @ inside - confidence @ inside
    return np.abs(gaps / len(confidence)).sum()


def classwise(probs, labels, num_bins):
    is_class = labels[:, np.newaxis] == np.arange(probs.shape[1])
    return np.array([ece(p, of, num_bins) for p, of in zip(probs.T, is_class.T, strict=True)])


def chance_of_bin(n, p):
    if p == 0 or p == 1:
        return 0.0
    logs = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(n + 1)]
    chances = [math.exp(logs[k] + k * math.log(p) + (n - k) * math.log1p(-p)) for k in range(n + 1)]
    return sum(chance * abs(k / n - p) for k, chance in enumerate(chances))


def chance(counts, confidences):
    filled = counts > 0
    gaps = [chance_of_bin(n, p) for n, p in zip(counts[filled], confidences[filled], strict=True)]
    return np.average(gaps, weights=counts[filled])
