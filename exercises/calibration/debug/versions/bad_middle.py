"""The middle of the bin stands in the place of the mean confidence of its rows."""


def ece(confidence, correct, num_bins):
    error = 0.0
    for b in range(num_bins):
        low, high = b / num_bins, (b + 1) / num_bins
        inside = (confidence > low) & (confidence <= high)
        if b == 0:
            inside |= confidence == 0
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - (low + high) / 2)
    return error
