"""The variance does not go through Sigma here, and the bias does."""


def excess(mean_miss, covariance_matrix, Sigma):
    return mean_miss @ Sigma @ mean_miss + np.trace(covariance_matrix)
