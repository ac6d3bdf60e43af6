"""It refuses a right version: AssertionError"""


def test_round_in_order(f):
    rng = np.random.default_rng(1)
    for _ in range(100):
        inputs = rng.normal(size=(9, 6)) + 1.5 * rng.normal(size=(9, 1))
        H, w, step = inputs.T @ inputs / 9, rng.normal(size=6), rng.uniform(0.2, 0.7)
        expected = w.copy()
        for i in range(6):
            free, later = expected[i], slice(i + 1, 6)
            expected[i] = step * np.round(free / step)
            expected[later] += (free - expected[i]) * np.linalg.solve(H[later, later], H[later, i])
        assert (f(H, w, step) == expected).all()
