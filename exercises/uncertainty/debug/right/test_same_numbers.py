"""What should come out, computed here, for models that find the same rows hard."""


def test_difference_interval(f):
    rng = np.random.default_rng(1)
    for n, resamples, level in ((2, 50, 0.6), (7, 40, 0.9), (30, 200, 0.5)):
        teacher = rng.exponential(size=n)
        student = teacher + rng.normal(0.1, 0.5, size=n)
        rows = np.random.default_rng(n).integers(n, size=(resamples, n))
        means = (student - teacher)[rows].mean(axis=1)
        assert np.allclose(
            f(student, teacher, n, resamples, level), np.quantile(means, [0.5 - level / 2, 0.5 + level / 2])
        )
