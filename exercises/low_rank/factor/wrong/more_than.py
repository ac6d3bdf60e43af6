"""A share that is just reached is enough. Here it must be passed."""


def rank_for_energy(s, tau):
    kept = np.cumsum(s**2)
    return int(np.argmax(kept > tau * kept[-1])) + 1
