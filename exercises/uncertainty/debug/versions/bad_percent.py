"""`np.percentile` counts from 0 to 100: these are fractions."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    means = (student - teacher)[rows].mean(axis=1)
    return np.percentile(means, [(1 - level) / 2, (1 + level) / 2])
