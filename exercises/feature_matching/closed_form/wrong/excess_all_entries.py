"""The trace is the sum of the diagonal. Here all entries of the product are summed."""


def excess(mean_miss, covariance_matrix, Sigma):
    return mean_miss @ Sigma @ mean_miss + np.sum(Sigma @ covariance_matrix)
