"""One term after the other, until the share is reached."""


def compress(W, b, tau):
    U, s, Vt = decompose(W)
    squares = [value**2 for value in s]
    r = 1
    while sum(squares[:r]) < tau * sum(squares):
        r += 1
    first = np.array([np.sqrt(s[i]) * Vt[i] for i in range(r)])
    second = np.column_stack([np.sqrt(s[i]) * U[:, i] for i in range(r)])
    if first.size + second.size < W.size:
        return [[first, np.zeros(r)], [second, b.copy()]]
    return [[W.copy(), b.copy()]]
