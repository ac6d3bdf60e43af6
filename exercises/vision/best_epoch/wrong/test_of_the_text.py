"""It misses a bug: Of several epochs that are best on validation, the one that is best on the test counts here."""


def test_report(f):
    assert np.allclose(f(np.array([[0.90], [0.93], [0.92]]), np.array([[0.91], [0.90], [0.94]])), 0.90)
