"""Student less teacher: this is the other way round."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    means = (teacher - student)[rows].mean(axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
