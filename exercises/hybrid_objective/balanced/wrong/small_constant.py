"""A small number in the denominator moves alpha where the gradients are small. Treat 0 by itself."""


def balanced_alpha(g_ce, g_f):
    if not g_ce.any() and not g_f.any():
        return 0.5
    a, b = math_hypot(g_ce), math_hypot(g_f)
    return a / (a + b + 1e-8)


def math_hypot(g):
    largest = np.abs(g).max() or 1.0
    return float(largest * np.linalg.norm(g / largest))
