"""You added the rows up before taking the length, so that rows cancel each other. Each number counts by itself."""


def balanced_alpha(g_ce, g_f):
    largest = max(np.abs(g_ce).max(), np.abs(g_f).max())
    if largest == 0:
        return 0.5
    a, b = np.linalg.norm((g_ce / largest).mean(axis=0)), np.linalg.norm((g_f / largest).mean(axis=0))
    return float(a / (a + b)) if a + b else 0.5
