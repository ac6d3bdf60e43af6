"""These are shares of the sum. Energy is the sum of the SQUARES of the singular values."""


def rank_for_energy(s, tau):
    kept = np.cumsum(s)
    rounding = len(s) * np.finfo(float).eps
    return int(np.argmax(kept >= tau * kept[-1] * (1 - rounding))) + 1
