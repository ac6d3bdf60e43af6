"""You kept one matrix for each row. The gradient by W is the sum over the rows: rows may cancel each other."""


def alpha_by_parameters(inputs, g_ce, g_f):
    def each(g):
        return np.einsum("nd,nk->ndk", g, inputs)

    return balanced_alpha(each(g_ce), each(g_f))
