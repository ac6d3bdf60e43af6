"""A difference of two sums of squares loses the noise where the logits are large. Square what is left of each row."""


def noise_estimate(X, y):
    n, d = X.shape
    q = np.linalg.qr(X)[0]
    return (y @ y - np.sum((q.T @ y) ** 2)) / (n - d)
