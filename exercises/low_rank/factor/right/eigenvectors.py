"""The left directions as eigenvectors of W W', in units of the largest weight."""


def left(W, r):
    scaled = W / np.abs(W).max()
    _, directions = np.linalg.eigh(scaled @ scaled.T)
    return directions[:, ::-1][:, :r]


def approximation(W, r):
    U = left(W, r)
    return U @ (U.T @ W)


def factors(W, r):
    U = left(W, r)
    rows = np.arange(r)
    U = U * np.where(U[np.abs(U).argmax(axis=0), rows] < 0, -1.0, 1.0)
    projected = U.T @ W
    root = np.sqrt(np.linalg.norm(projected, axis=1))
    return [U * root, projected / root[:, np.newaxis]]


def layer_output(x, U, V, b):
    return np.einsum("mr,rn,...n->...m", U, V, x) + b
