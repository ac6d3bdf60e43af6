"""It refuses a right version: AssertionError"""


def test_js(f):
    rng = np.random.default_rng(0)
    for _ in range(20):
        p, q = rng.dirichlet(np.ones(6), size=2)
        m = 0.3 * p + 0.7 * q
        assert f(p, q, 0.3) == 0.3 * (p * np.log(p / m)).sum() + 0.7 * (q * np.log(q / m)).sum()
