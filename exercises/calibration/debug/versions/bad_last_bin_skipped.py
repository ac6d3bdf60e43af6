"""The last bin is never read. There are M bins."""


def ece(confidence, correct, num_bins):
    error = 0.0
    for b in range(num_bins - 1):
        low, high = b / num_bins, (b + 1) / num_bins
        inside = (confidence > low) & (confidence <= high)
        if b == 0:
            inside |= confidence == 0
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return error
