"""By the projection on the columns of X."""


def noise_estimate(X, y):
    projection = X @ np.linalg.pinv(X)
    left = y - projection @ y
    return np.dot(left, left) / (len(y) - np.linalg.matrix_rank(X))
