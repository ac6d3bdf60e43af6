"""This subtracts two separate intervals: subtract the losses."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    ends = [(1 - level) / 2, (1 + level) / 2]
    return np.quantile(student[rows].mean(axis=1), ends) - np.quantile(teacher[rows].mean(axis=1), ends)
