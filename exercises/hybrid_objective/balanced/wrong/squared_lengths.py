"""These are squared lengths: take the root before you divide."""


def balanced_alpha(g_ce, g_f):
    largest = max(np.abs(g_ce).max(), np.abs(g_f).max())
    if largest == 0:
        return 0.5
    a, b = np.sum((g_ce / largest) ** 2), np.sum((g_f / largest) ** 2)
    return float(a / (a + b))
