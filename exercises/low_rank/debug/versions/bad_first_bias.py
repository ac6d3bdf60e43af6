"""The first layer has a bias that is not 0."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= tau * kept[-1]) + 1
    m, n = W.shape
    if r * (m + n) >= m * n:
        return [[W.copy(), b.copy()]]
    root = np.sqrt(s[:r])
    return [[root[:, np.newaxis] * Vt[:r], np.ones(r)], [U[:, :r] * root, b.copy()]]
