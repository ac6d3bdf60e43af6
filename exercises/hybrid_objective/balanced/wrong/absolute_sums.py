"""These are sums of absolute numbers. The length of a vector is the root of the sum of its squares."""


def balanced_alpha(g_ce, g_f):
    largest = max(np.abs(g_ce).max(), np.abs(g_f).max())
    if largest == 0:
        return 0.5
    a, b = np.sum(np.abs(g_ce / largest)), np.sum(np.abs(g_f / largest))
    return float(a / (a + b))
