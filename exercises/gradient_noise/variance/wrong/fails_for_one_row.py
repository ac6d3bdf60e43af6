"""Of a single row, N - 1 is 0. Nothing varies: return 0."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = gradients.var(axis=0).sum()
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / np.float64(N - 1)
