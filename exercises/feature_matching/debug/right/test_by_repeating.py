"""A row of F that comes twice counts as one of twice the weight; without weight, nothing but the logits counts."""


def test_weighted_fit(f):
    rng = np.random.default_rng(0)
    X, F, y, h = rng.normal(size=(6, 3)), rng.normal(size=(4, 3)), rng.normal(size=6), rng.normal(size=4)
    twice = np.vstack([F, F]), np.concatenate([h, h])
    assert np.allclose(f(X, F, y, h, 0.6), f(X, twice[0], y, twice[1], 0.3))
    assert np.allclose(f(X, F, y, h, 0.0), np.linalg.pinv(X) @ y)
    double = np.vstack([X, X]), np.concatenate([y, y])
    assert np.allclose(f(double[0], F, double[1], h, 0.6), f(X, F, y, h, 0.3))
    assert np.allclose(f(X, F, y, h, 0.3), np.linalg.solve(X.T @ X + 0.3 * F.T @ F, X.T @ y + 0.3 * F.T @ h))
