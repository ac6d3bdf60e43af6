"""Each batch computes weights of its own here. They are given, from the whole training set."""


def epoch_loss(losses, labels, weights):
    total = of_weights = 0.0
    for loss, y in zip(losses, labels, strict=True):
        counts = np.bincount(y, minlength=len(weights))
        w = (len(y) / np.maximum(counts, 1))[y]
        total += (w * loss).sum()
        of_weights += w.sum()
    return total / of_weights
