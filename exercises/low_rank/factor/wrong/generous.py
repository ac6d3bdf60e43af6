"""This forgives a miss of one in a million. Only rounding is to be forgiven."""


def rank_for_energy(s, tau):
    kept = np.cumsum(s**2)
    return int(np.argmax(kept >= tau * kept[-1] - 1e-6 * kept[-1])) + 1
