"""Beside a function written in the test."""


def test_without_filters(f):
    rng = np.random.default_rng(2)
    for filters, places in ((1, 2), (5, 1), (6, 3), (7, 4)):
        for _ in range(6):
            W1 = rng.choice([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0], size=(filters, 3))
            b1, b2 = rng.uniform(0.5, 2.0, size=filters), rng.normal(size=2)
            patches, W2 = rng.normal(size=(3, places, 3)), rng.normal(size=(2, filters * places))
            for n in range(filters):
                norms = np.abs(W1).sum(axis=1)
                stay = sorted(sorted(range(filters), key=lambda i: (-norms[i], i))[: filters - n])
                expected = np.tile(b2, (3, 1))
                for i in stay:
                    for p in range(places):
                        says = np.maximum(patches[:, p] @ W1[i] + b1[i], 0.0)
                        expected = expected + np.outer(says, W2[:, i * places + p])
                assert np.allclose(f(patches, W1, b1, W2, b2, n), expected)
