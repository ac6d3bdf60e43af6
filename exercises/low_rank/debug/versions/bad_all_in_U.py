"""All of each singular value is in the second layer. Each side has the square root."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    kept = np.cumsum(s**2)
    r = np.argmax(kept >= tau * kept[-1]) + 1
    m, n = W.shape
    if r * (m + n) >= m * n:
        return [[W.copy(), b.copy()]]
    return [[Vt[:r], np.zeros(r)], [U[:, :r] * s[:r], b.copy()]]
