"""This counts from 0. The first singular value is rank 1."""


def rank_for_energy(s, tau):
    kept = np.cumsum(s**2)
    rounding = len(s) * np.finfo(float).eps
    return int(np.argmax(kept >= tau * kept[-1] * (1 - rounding)))
