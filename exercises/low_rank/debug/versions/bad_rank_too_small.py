"""The rank is one too small."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= tau * kept[-1]) or 1
    m, n = W.shape
    if r * (m + n) >= m * n:
        return [[W.copy(), b.copy()]]
    root = np.sqrt(s[:r])
    return [[root[:, np.newaxis] * Vt[:r], np.zeros(r)], [U[:, :r] * root, b.copy()]]
