"""Row by row and bin by bin; and de Moivre's closed form."""


def top_label(probs, labels):
    confidence, correct = [], []
    for row, label in zip(probs, labels, strict=True):
        answer = 0
        for c in range(1, len(row)):
            if row[c] > row[answer]:
                answer = c
        confidence.append(row[answer])
        correct.append(answer == label)
    return [np.array(confidence), np.array(correct)]


def bin_of(confidence, num_bins):
    found = np.zeros(len(confidence), dtype=int)
    for b in range(1, num_bins):
        found[confidence > b / num_bins] = b
    return found


def ece(confidence, correct, num_bins):
    bins = bin_of(confidence, num_bins)
    error = 0.0
    for b in range(num_bins):
        inside = bins == b
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return error


def classwise(probs, labels, num_bins):
    errors = []
    for c in range(probs.shape[1]):
        errors.append(ece(probs[:, c], labels == c, num_bins))
    return np.array(errors)


def chance_of_bin(n, p):
    f = math.floor(n * p)
    return 2 * (f + 1) / n * math.comb(n, f + 1) * p ** (f + 1) * (1 - p) ** (n - f)


def chance(counts, confidences):
    total = 0.0
    for share, n, p in zip(counts / counts.sum(), counts, confidences, strict=True):
        if n:
            total += share * chance_of_bin(n, p)
    return total
