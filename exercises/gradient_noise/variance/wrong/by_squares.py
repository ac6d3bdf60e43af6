"""The mean square less the square of the mean loses its digits where the mean is far from 0. Centre first."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = (gradients**2).mean(axis=0).sum() - (gradients.mean(axis=0) ** 2).sum()
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
