"""This is the root of the excess error: it is a mean of squares."""


def excess(mean_miss, covariance_matrix, Sigma):
    return np.sqrt(mean_miss @ Sigma @ mean_miss + np.trace(Sigma @ covariance_matrix))
