"""Many rows at edges and between them, against a slow count."""


def test_ece(f):
    rng = np.random.default_rng(2)
    for M in (1, 2, 3, 5, 7, 10, 49, 100):
        at_edges = np.arange(M + 1) / M
        for confidence in (
            at_edges,
            np.concatenate([at_edges, rng.random(7)]),
            rng.random(5),
            np.ones(3),
            np.zeros(4),
            rng.choice(at_edges, size=3),
        ):
            correct = rng.random(len(confidence)) < 0.5
            gaps = {}
            for c, right in zip(confidence, correct, strict=True):
                b = max(sum(1 for k in range(M + 1) if k / M < c) - 1, 0)
                gaps[b] = gaps.get(b, 0.0) + right - c
            assert np.allclose(f(confidence, correct, M), sum(map(abs, gaps.values())) / len(confidence))
