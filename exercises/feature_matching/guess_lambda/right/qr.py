"""By an orthonormal basis of the columns."""


def noise_estimate(X, y):
    Q, _ = np.linalg.qr(X)
    left = y - Q @ (Q.T @ y)
    return np.sum(left**2) / (X.shape[0] - X.shape[1])
