"""A running weighted mean, moved by each batch as far as its weight goes."""


def epoch_loss(losses, labels, weights):
    mean = so_far = 0.0
    for loss, y in zip(losses, labels, strict=True):
        w = weights[y]
        if w.sum() > 0:
            so_far += w.sum()
            mean += (w * (loss - mean)).sum() / so_far
    return mean
