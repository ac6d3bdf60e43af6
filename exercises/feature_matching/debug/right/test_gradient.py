"""At the minimum the gradient of the two sums is 0."""


def test_weighted_fit(f):
    rng = np.random.default_rng(1)
    for n, m, lam in ((6, 3, 0.0), (6, 3, 0.4), (3, 7, 2.5)):
        X, F, y, h = rng.normal(size=(n, 2)), rng.normal(size=(m, 2)), rng.normal(size=n), rng.normal(size=m)
        theta = f(X, F, y, h, lam)
        assert np.allclose(X.T @ (X @ theta - y) + lam * F.T @ (F @ theta - h), 0)
