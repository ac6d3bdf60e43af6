"""How often each row comes: multinomial counts."""


def difference_interval(student, teacher, seed, num_resamples, level):
    rng = np.random.default_rng(seed)
    N = len(student)
    counts = rng.multinomial(N, np.full(N, 1 / N), size=num_resamples)
    means = counts @ (student - teacher) / N
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
