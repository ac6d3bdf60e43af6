"""A batch without a row of the heaviest class is left out here. Its rows count as well."""


def epoch_loss(losses, labels, weights):
    total = of_weights = 0.0
    for loss, y in zip(losses, labels, strict=True):
        w = weights[y]
        if w.max() == weights.max() or len(losses) == 1:
            total += (w * loss).sum()
            of_weights += w.sum()
    return total / of_weights if of_weights else 0.0
