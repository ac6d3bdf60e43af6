"""This counts singular values above a share of the largest one. The energy is added up from the first on."""


def rank_for_energy(s, tau):
    return max(1, int((s**2 >= (1 - tau) * s[0] ** 2).sum()))
