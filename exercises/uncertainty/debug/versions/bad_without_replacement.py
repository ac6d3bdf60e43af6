"""Each row is drawn once: all resamples are the test itself."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.permuted(np.tile(np.arange(N), (num_resamples, 1)), axis=1)
    means = (student - teacher)[rows].mean(axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
