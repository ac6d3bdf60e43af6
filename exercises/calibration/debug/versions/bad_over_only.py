"""Only bins that are too sure count. A bin that is not sure enough has a gap as well."""


def ece(confidence, correct, num_bins):
    error = 0.0
    for b in range(num_bins):
        low, high = b / num_bins, (b + 1) / num_bins
        inside = (confidence > low) & (confidence <= high)
        if b == 0:
            inside |= confidence == 0
        if inside.any():
            error += inside.mean() * max(confidence[inside].mean() - correct[inside].mean(), 0)
    return error
