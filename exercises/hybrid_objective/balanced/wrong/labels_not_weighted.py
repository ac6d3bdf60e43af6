"""The labels keep the weight 1 here. It is 1 - alpha."""


def balanced_step(g_ce, g_f):
    return g_ce + balanced_alpha(g_ce, g_f) * g_f
