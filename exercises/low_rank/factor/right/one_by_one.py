"""One term, one rank, one square after the other."""


def approximation(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    total = np.zeros(W.shape)
    for i in range(r):
        total += s[i] * np.outer(U[:, i], Vt[i])
    return total


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    columns, rows = [], []
    for i in range(r):
        sign = 1.0 if U[np.argmax(np.abs(U[:, i])), i] > 0 else -1.0
        columns.append(sign * np.sqrt(s[i]) * U[:, i])
        rows.append(sign * np.sqrt(s[i]) * Vt[i])
    return [np.column_stack(columns), np.array(rows)]


def layer_output(x, U, V, b):
    return np.apply_along_axis(lambda one: U @ (V @ one) + b, -1, x)


def largest_saving_rank(m, n):
    r = 0
    while (r + 1) * (m + n) < m * n:
        r += 1
    return r


def rank_for_energy(s, tau):
    wanted = tau * (s**2).sum() * (1 - len(s) * np.finfo(float).eps)
    kept, r = 0.0, 0
    for value in s:
        kept += value**2
        r += 1
        if kept >= wanted:
            break
    return r
