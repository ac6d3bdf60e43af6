"""The weights are swapped: alpha belongs to the features, and 1 - alpha to the labels. Compare both lengths."""


def balanced_step(g_ce, g_f):
    alpha = balanced_alpha(g_ce, g_f)
    return alpha * g_ce + (1 - alpha) * g_f
