"""Only the diagonals of Sigma and of the covariance are used. What is correlated counts as well."""


def excess(mean_miss, covariance_matrix, Sigma):
    return mean_miss @ Sigma @ mean_miss + np.diag(Sigma) @ np.diag(covariance_matrix)
