"""The mean of a resample is asked for, not its median."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    means = np.median((student - teacher)[rows], axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
