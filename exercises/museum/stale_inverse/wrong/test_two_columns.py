"""It misses a bug:"""


def test_round_in_order(f):
    rng = np.random.default_rng(1)
    for _ in range(100):
        H, w, step = np.array([[1.0, 0.9], [0.9, 1.0]]), rng.normal(size=2), rng.uniform(0.2, 0.7)
        first = step * np.round(w[0] / step)
        second = step * np.round((w[1] + 0.9 * (w[0] - first)) / step)
        assert np.allclose(f(H, w, step), [first, second])
