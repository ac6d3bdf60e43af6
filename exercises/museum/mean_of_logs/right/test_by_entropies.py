"""Many distributions, zeros among them, against three entropies."""


def test_js(f):
    def entropy(a):
        return -sum(x * np.log(x) for x in a if x > 0)

    rng = np.random.default_rng(6)
    for beta in (0.02, 0.08, 0.35, 0.5, 0.85):
        for absent in (None, 0, 3):
            p, q = rng.dirichlet(np.ones(4), size=2)
            if absent is not None:
                p[absent] = q[3 - absent] = 0.0
                p, q = p / p.sum(), q / q.sum()
            expected = entropy(beta * p + (1 - beta) * q) - beta * entropy(p) - (1 - beta) * entropy(q)
            np.testing.assert_allclose(f(p, q, beta), expected, rtol=1e-6, atol=1e-10)
