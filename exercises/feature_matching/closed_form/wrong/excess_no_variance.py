"""The variance is missing."""


def excess(mean_miss, covariance_matrix, Sigma):
    return mean_miss @ Sigma @ mean_miss
