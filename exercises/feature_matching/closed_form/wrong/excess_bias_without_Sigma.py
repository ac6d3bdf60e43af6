"""The bias does not go through Sigma here, and the variance does."""


def excess(mean_miss, covariance_matrix, Sigma):
    return mean_miss @ mean_miss + np.trace(Sigma @ covariance_matrix)
