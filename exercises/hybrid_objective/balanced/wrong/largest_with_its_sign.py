"""The largest number is taken with its sign, and may be 0, or far too small. Take it from np.abs."""


def balanced_alpha(g_ce, g_f):
    largest = max(g_ce.max(), g_f.max())
    if largest == 0:
        return 0.5
    a, b = np.sqrt(np.sum((g_ce / largest) ** 2)), np.sqrt(np.sum((g_f / largest) ** 2))
    return a / (a + b)
