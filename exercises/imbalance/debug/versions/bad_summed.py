"""The weighted losses are only added here."""


def epoch_loss(losses, labels, weights):
    return sum((weights[y] * loss).sum() for loss, y in zip(losses, labels, strict=True))
