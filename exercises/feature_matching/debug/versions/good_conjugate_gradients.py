"""Conjugate gradients: as many steps as there are parameters, and some more."""


def weighted_fit(X, F, y, h, lam):
    theta = np.zeros(X.shape[1])
    residual = X.T @ y + lam * (F.T @ h)
    direction = residual
    for _ in range(4 * len(theta)):
        size = residual @ residual
        if size == 0:
            break
        curved = X.T @ (X @ direction) + lam * (F.T @ (F @ direction))
        step = size / (direction @ curved)
        theta = theta + step * direction
        residual = residual - step * curved
        direction = residual + residual @ residual / size * direction
    return theta
