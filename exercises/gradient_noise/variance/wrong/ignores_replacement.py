"""Both ways of drawing get the same here."""


def batch_variance(gradients, batch_size, replacement):
    one = gradients.var(axis=0).sum()
    return one / batch_size
