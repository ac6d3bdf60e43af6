"""This is the weight of the other gradient: alpha stands with the features, and is large where the labels pull hard."""


def balanced_alpha(g_ce, g_f):
    largest = max(np.abs(g_ce).max(), np.abs(g_f).max())
    if largest == 0:
        return 0.5
    a, b = np.sqrt(np.sum((g_ce / largest) ** 2)), np.sqrt(np.sum((g_f / largest) ** 2))
    return float(b / (a + b))
