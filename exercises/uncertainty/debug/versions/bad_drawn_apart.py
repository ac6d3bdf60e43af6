"""The rows are drawn for each model apart: draw once, and take both models there."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    rows = rng.integers(N, size=(num_resamples, N))
    others = rng.integers(N, size=(num_resamples, N))
    means = student[rows].mean(axis=1) - teacher[others].mean(axis=1)
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
