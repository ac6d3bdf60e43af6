"""This balances the gradients by the features still. The inputs come first: they change each length."""


def alpha_by_parameters(inputs, g_ce, g_f):
    return balanced_alpha(g_ce, g_f)
