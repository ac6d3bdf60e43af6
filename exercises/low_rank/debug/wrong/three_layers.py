"""The singular values stand in a layer of their own. Two layers were asked for, with the roots on both sides."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= tau * kept[-1]) + 1
    m, n = W.shape
    if r * (m + n) >= m * n:
        return [[W.copy(), b.copy()]]
    return [[Vt[:r], np.zeros(r)], [np.diag(s[:r]), np.zeros(r)], [U[:, :r], b.copy()]]
