"""Shares of one; the first factor as what the directions of U say of W."""


def compress(W, b, tau):
    U, s, _ = decompose(W)
    shares = np.cumsum(s**2 / np.sum(s**2))
    r = np.searchsorted(shares, tau) + 1
    if r * sum(W.shape) >= W.size:
        return [[W.copy(), b.copy()]]
    roots = np.diag(s[:r] ** 0.5)
    return [[np.linalg.inv(roots) @ U[:, :r].T @ W, np.zeros(r)], [U[:, :r] @ roots, b.copy()]]
