"""tau is the share that is KEPT. Here it is the share that may be lost."""


def rank_for_energy(s, tau):
    kept = np.cumsum(s**2)
    rounding = len(s) * np.finfo(float).eps
    return int(np.argmax(kept >= (1 - tau) * kept[-1] * (1 - rounding))) + 1
