"""It refuses a right version"""


def test_report(f):
    rng = np.random.default_rng(0)
    for _ in range(20):
        validation, test = rng.random((7, 9)), rng.random((7, 9))
        assert f(validation, test) == test[validation.argmax(axis=0), np.arange(9)].mean()
