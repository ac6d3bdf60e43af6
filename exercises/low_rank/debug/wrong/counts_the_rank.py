"""A layer is left whole if the rank is more than half of its smaller side. Count the numbers: r (m + n) against m n."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= tau * kept[-1]) + 1
    m, n = W.shape
    if 2 * r > min(m, n):
        return [[W.copy(), b.copy()]]
    root = np.sqrt(s[:r])
    return [[root[:, np.newaxis] * Vt[:r], np.zeros(r)], [U[:, :r] * root, b.copy()]]
