"""It misses a bug: Of several epochs that are best on validation, the one that is best on the test counts here."""


def test_report(f):
    rng = np.random.default_rng(0)
    for _ in range(20):
        validation, test = rng.random((4, 3)), rng.random((4, 3))
        assert np.allclose(f(validation, test), test[validation.argmax(axis=0), np.arange(3)].mean())
