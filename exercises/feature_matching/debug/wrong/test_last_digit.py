"""It refuses a right version"""


def test_weighted_fit(f):
    rng = np.random.default_rng(0)
    X, F, y, h = rng.normal(size=(6, 3)), rng.normal(size=(4, 3)), rng.normal(size=6), rng.normal(size=4)
    for lam in (0.0, 0.3, 2.5):
        expected = np.linalg.solve(X.T @ X + lam * F.T @ F, X.T @ y + lam * F.T @ h)
        assert (f(X, F, y, h, lam) == expected).all()
