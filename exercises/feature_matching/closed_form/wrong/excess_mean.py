"""A mean over the parameters. The excess error is a sum over them."""


def excess(mean_miss, covariance_matrix, Sigma):
    return (mean_miss @ Sigma @ mean_miss + np.trace(Sigma @ covariance_matrix)) / len(mean_miss)
