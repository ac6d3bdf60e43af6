"""test_difference_interval raises for every version, right or wrong. It refuses a right version: AssertionError"""


def test_difference_interval(f):
    rng = np.random.default_rng(1)
    student, teacher = rng.normal(size=9), rng.normal(size=9)
    rows = np.random.default_rng(0).integers(9, size=(40, 9))
    means = (student - teacher)[rows].mean(axis=1)
    assert (f(student, teacher, 0, 40, 0.9) == np.quantile(means, [0.05, 0.95])).all()
