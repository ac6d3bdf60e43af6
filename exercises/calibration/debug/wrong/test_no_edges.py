"""It misses a bug:"""


def test_ece(f):
    rng = np.random.default_rng(1)
    for M in (1, 4, 10, 30):
        confidence, correct = rng.random(100), rng.random(100) < 0.5
        expected = 0.0
        for b in range(M):
            inside = (confidence > b / M) & (confidence <= (b + 1) / M)
            if inside.any():
                expected += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
        assert np.allclose(f(confidence, correct, M), expected)
