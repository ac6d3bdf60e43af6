"""The last row is never drawn."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(max(N - 1, 1), size=(num_resamples, N))
    means = (student - teacher)[rows].mean(axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
