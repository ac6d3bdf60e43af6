"""Only the squared bias has the slope 0. The variance begins to fall at once."""


def slope_at_zero(X, F, sigma2, Sigma):
    return 0.0
