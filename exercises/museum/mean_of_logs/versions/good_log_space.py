"""The mixture in logarithms, with logaddexp."""


def js(p, q, beta):
    log_p, log_q = np.log(p), np.log(q)
    log_m = np.logaddexp(np.log(beta) + log_p, np.log1p(-beta) + log_q)
    of_p = sum(a * (la - lm) for a, la, lm in zip(p, log_p, log_m, strict=True) if a > 0)
    of_q = sum(a * (la - lm) for a, la, lm in zip(q, log_q, log_m, strict=True) if a > 0)
    return beta * of_p + (1 - beta) * of_q
