"""Two means of each resample, and what is between them."""


def difference_interval(student, teacher, seed, num_resamples, level):
    N = len(student)
    rows = np.random.default_rng(seed).integers(N, size=(num_resamples, N))
    means = student[rows].mean(axis=1) - teacher[rows].mean(axis=1)
    return np.percentile(means, [50 * (1 - level), 50 * (1 + level)])
