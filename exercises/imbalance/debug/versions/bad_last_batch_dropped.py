"""The last batch is left out here."""


def epoch_loss(losses, labels, weights):
    total = of_weights = 0.0
    for loss, y in list(zip(losses, labels, strict=True))[: max(1, len(losses) - 1)]:
        w = weights[y]
        total += (w * loss).sum()
        of_weights += w.sum()
    return total / of_weights if of_weights else 0.0
