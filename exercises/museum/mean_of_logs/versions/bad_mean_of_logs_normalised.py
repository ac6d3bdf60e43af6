"""The mixture is a mean of logarithms, brought to sum 1. It is a mean of probabilities."""


def js(p, q, beta):
    with np.errstate(all="ignore"):
        m = p**beta * q ** (1 - beta)
        m = m / m.sum()
        of_p = np.where(p > 0, p * np.log(p / m), 0.0).sum()
        of_q = np.where(q > 0, q * np.log(q / m), 0.0).sum()
    return beta * of_p + (1 - beta) * of_q
