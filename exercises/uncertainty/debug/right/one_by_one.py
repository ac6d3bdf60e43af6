"""A loop over the resamples, the same draws."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    means = [student[row].sum() / N - teacher[row].sum() / N for row in rows]
    return np.percentile(means, [50 - 50 * level, 50 + 50 * level])
