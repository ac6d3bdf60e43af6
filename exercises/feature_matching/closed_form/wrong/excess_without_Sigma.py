"""Sigma is not used: a miss counts as much as the inputs have of its direction."""


def excess(mean_miss, covariance_matrix, Sigma):
    return mean_miss @ mean_miss + np.trace(covariance_matrix)
