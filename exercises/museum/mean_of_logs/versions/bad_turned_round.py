"""The divergence is taken of the mixture from each, in the place of each from the mixture."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q
    with np.errstate(all="ignore"):
        of_p = np.where(m > 0, m * np.log(m / p), 0.0).sum()
        of_q = np.where(m > 0, m * np.log(m / q), 0.0).sum()
    return beta * of_p + (1 - beta) * of_q
