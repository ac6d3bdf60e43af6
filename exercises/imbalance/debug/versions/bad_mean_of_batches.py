"""Each batch is divided by its own weights here, and counts the same."""


def epoch_loss(losses, labels, weights):
    of_batches = []
    for loss, y in zip(losses, labels, strict=True):
        w = weights[y]
        of_batches.append((w * loss).sum() / max(w.sum(), 1e-12))
    return np.mean(of_batches)
