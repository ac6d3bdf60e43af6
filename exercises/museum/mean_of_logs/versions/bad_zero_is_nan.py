"""A probability of 0 makes NaN. It adds nothing."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q
    with np.errstate(all="ignore"):
        return beta * (p * np.log(p / m)).sum() + (1 - beta) * (q * np.log(q / m)).sum()
