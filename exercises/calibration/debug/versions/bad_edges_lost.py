"""A confidence at an edge falls into no bin. It belongs to the bin below."""


def ece(confidence, correct, num_bins):
    error = 0.0
    for b in range(num_bins):
        low, high = b / num_bins, (b + 1) / num_bins
        inside = (confidence > low) & (confidence < high)
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return error
