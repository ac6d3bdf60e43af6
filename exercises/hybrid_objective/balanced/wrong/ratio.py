"""This is the ratio of the lengths. Alpha is the part that one of them has in the sum of both."""


def balanced_alpha(g_ce, g_f):
    largest = max(np.abs(g_ce).max(), np.abs(g_f).max())
    if largest == 0:
        return 0.5
    a, b = np.linalg.norm(g_ce / largest), np.linalg.norm(g_f / largest)
    return float(min(a / b, 1.0)) if b else 1.0
