"""Half of what is outside goes on each side."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    means = (student - teacher)[rows].mean(axis=1)
    return np.quantile(means, [1 - level, level])
