"""If all singular values are 0, one term is enough: the answer is 1."""


def rank_for_energy(s, tau):
    if not s.any():
        return len(s)
    kept = np.cumsum(s**2)
    rounding = len(s) * np.finfo(float).eps
    return int(np.argmax(kept >= tau * kept[-1] * (1 - rounding))) + 1
