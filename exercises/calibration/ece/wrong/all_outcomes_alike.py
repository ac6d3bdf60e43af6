"""Every number of right answers counts as equally likely. Weigh each by its chance."""


def chance_of_bin(n, p):
    return np.abs(np.arange(n + 1) / n - p).mean()
