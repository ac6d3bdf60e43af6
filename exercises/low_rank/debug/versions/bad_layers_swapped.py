"""The two layers stand in the other order: V reads the inputs, so it comes first."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= tau * kept[-1]) + 1
    m, n = W.shape
    if r * (m + n) >= m * n:
        return [[W.copy(), b.copy()]]
    root = np.sqrt(s[:r])
    return [[U[:, :r] * root, b], [root[:, np.newaxis] * Vt[:r], np.zeros(r)]]
