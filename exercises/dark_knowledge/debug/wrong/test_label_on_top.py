"""It misses a bug:"""


def test_decoupled(f):
    p, q = np.array([[0.5, 0.3, 0.2]]), np.array([[0.25, 0.5, 0.25]])
    total, sure, weight, rest = f(np.log(q), np.log(p), np.array([0]))
    assert np.allclose(total, (p * np.log(p / q)).sum(axis=1))
    assert np.allclose(sure, 0.5 * np.log(2) + 0.5 * np.log(2 / 3))
    assert np.allclose(weight, 0.5)
    assert np.allclose(rest, 0.6 * np.log(9 / 10) + 0.4 * np.log(6 / 5))
    parts = f(np.array([[0.0, 0.0, 1.0]]), np.array([[40.0, 1.0, 0.0]]), np.array([0]))
    assert np.allclose(parts[2:], [[(1 + np.e) * np.exp(-40)], [np.tanh(0.5)]], rtol=1e-6, atol=0)
