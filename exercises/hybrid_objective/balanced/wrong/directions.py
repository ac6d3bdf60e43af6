"""These are the two directions, each of length 1. The weighted gradients have the length h = ab/(a + b)."""


def balanced_step(g_ce, g_f):
    a, b = np.linalg.norm(g_ce), np.linalg.norm(g_f)
    return g_ce / (a or 1) + g_f / (b or 1)
