"""Draw by choice: other rows from the same seed."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.choice(N, size=(num_resamples, N))
    means = student[rows].mean(axis=1) - teacher[rows].mean(axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
