"""Without replacement the factor is (N - B)/(N - 1), not (N - B)/N."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = gradients.var(axis=0).sum()
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / N
