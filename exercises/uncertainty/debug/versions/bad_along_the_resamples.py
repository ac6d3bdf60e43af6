"""A resample is a row of `rows`: the mean is taken along the other axis."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    means = (student - teacher)[rows].mean(axis=0)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
