"""You added the inputs up first. Each row of a gradient meets the inputs of its own row."""


def alpha_by_parameters(inputs, g_ce, g_f):
    x = inputs.sum(axis=0)
    return balanced_alpha(np.outer(g_ce.sum(axis=0), x), np.outer(g_f.sum(axis=0), x))
