"""A share that is missed by rounding alone counts as reached: allow for len(s) * eps."""


def rank_for_energy(s, tau):
    kept = np.cumsum(s**2)
    return int(np.argmax(kept >= tau * kept[-1])) + 1
