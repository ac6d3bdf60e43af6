"""The squared bias is missing."""


def excess(mean_miss, covariance_matrix, Sigma):
    return np.trace(Sigma @ covariance_matrix)
