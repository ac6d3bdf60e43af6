"""The wrong ones are counted by ~correct, which needs booleans."""


def ece(confidence, correct, num_bins):
    b = np.digitize(confidence, np.arange(1, num_bins) / num_bins, right=True)
    error = 0.0
    for k in np.unique(b):
        inside = b == k
        wrong = (inside & ~correct).sum()
        error += abs((1 - confidence[inside]).sum() - wrong)
    return error / len(correct)
