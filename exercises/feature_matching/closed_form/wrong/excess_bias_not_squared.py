"""The bias stands on one side of Sigma alone: it has to be squared."""


def excess(mean_miss, covariance_matrix, Sigma):
    return np.sum(Sigma @ mean_miss) + np.trace(Sigma @ covariance_matrix)
