"""All resamples are the same one."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = np.tile(rng.integers(N, size=N), (num_resamples, 1))
    means = (student - teacher)[rows].mean(axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
