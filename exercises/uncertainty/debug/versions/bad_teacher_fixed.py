"""The teacher has the mean of all rows each time: it must have the same rows as the student."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    means = student[rows].mean(axis=1) - teacher.mean()
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
