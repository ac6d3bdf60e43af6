"""This is the norm of a matrix, its largest stretch. Take the gradient as one long vector: ravel it first."""


def balanced_alpha(g_ce, g_f):
    largest = max(np.abs(g_ce).max(), np.abs(g_f).max())
    if largest == 0:
        return 0.5
    a, b = np.linalg.norm(g_ce / largest, 2), np.linalg.norm(g_f / largest, 2)
    return float(a / (a + b))
