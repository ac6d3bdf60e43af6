"""This is the variance of the lengths. Asked is that of the vectors."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = np.linalg.norm(gradients, axis=1).var()
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
