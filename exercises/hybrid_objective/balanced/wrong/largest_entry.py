"""These are the largest numbers of the gradients, not their lengths."""


def balanced_alpha(g_ce, g_f):
    largest = max(np.abs(g_ce).max(), np.abs(g_f).max())
    if largest == 0:
        return 0.5
    a, b = np.abs(g_ce / largest).max(), np.abs(g_f / largest).max()
    return float(a / (a + b))
