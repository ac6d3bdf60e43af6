"""The inputs themselves, and a regression for each column."""


def test_round_in_order(f):
    rng = np.random.default_rng(3)
    for k in range(120):
        D = 2 + k % 7
        X = rng.normal(size=(D + 4, D)) + rng.normal(size=(D + 4, 1))
        w, step = rng.normal(size=D), rng.choice([0.25, 0.4, 1.5])
        target, q = X @ w, np.zeros(D)
        stands = w.copy()
        for i in range(D):
            q[i] = step * np.round(stands[i] / step)
            rest = target - X[:, : i + 1] @ q[: i + 1]
            if i + 1 < D:
                stands[i + 1 :] = np.linalg.lstsq(X[:, i + 1 :], rest, rcond=None)[0]
        np.testing.assert_allclose(f(X.T @ X, w, step), q, atol=1e-9)
