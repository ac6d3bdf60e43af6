"""How often each row was drawn, times its difference."""


def difference_interval(student, teacher, seed, num_resamples, level):
    N = len(student)
    rows = np.random.default_rng(seed).integers(N, size=(num_resamples, N))
    counts = np.array([np.bincount(row, minlength=N) for row in rows])
    means = counts @ (student - teacher) / N
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
