"""The rows are drawn in another order: draw all of them at once, a resample a row."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(N, num_resamples)).T
    means = (student - teacher)[rows].mean(axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
