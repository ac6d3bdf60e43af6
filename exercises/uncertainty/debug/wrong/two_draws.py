"""Rows are still drawn twice, once for each model."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    of_student = student[rng.integers(N, size=(num_resamples, N))].mean(axis=1)
    of_teacher = teacher[rng.integers(N, size=(num_resamples, N))].mean(axis=1)
    return np.quantile(of_student - of_teacher, [(1 - level) / 2, (1 + level) / 2])
