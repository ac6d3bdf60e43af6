"""It misses a bug:"""


def test_decoupled(f):
    p, q = np.array([[0.5, 0.3, 0.2], [0.6, 0.3, 0.1]]), np.array([[0.25, 0.5, 0.25], [0.2, 0.3, 0.5]])
    total, sure, weight, rest = f(np.log(q), np.log(p), np.array([0, 2]))
    assert np.allclose(total, (p * np.log(p / q)).sum(axis=1))
    assert np.allclose(sure, [0.5 * np.log(2) + 0.5 * np.log(2 / 3), 0.1 * np.log(1 / 5) + 0.9 * np.log(9 / 5)])
    assert np.allclose(weight, [0.5, 0.9])
    assert np.allclose(rest[0], 0.6 * np.log(9 / 10) + 0.4 * np.log(6 / 5))
