"""Laws: one row by hand, no order, no cut, no padding makes a difference."""


def test_accumulated_step(f):
    rng = np.random.default_rng(3)
    weights = rng.normal(size=(2, 3))

    def rows(n):
        return [rng.normal(size=(n, 2)), 4 * rng.normal(size=(n, 3)), np.ones(n, dtype=bool)]

    def padded(part):
        x, v, real = part
        more = rng.normal(size=(2, 2)), rng.normal(size=(2, 3)), np.zeros(2, dtype=bool)
        return [np.concatenate(pair) for pair in zip(more, (x, v, real), strict=True)]

    a, b, c = rows(5), rows(1), rows(3)
    nothing = padded([each[:0] for each in a])
    whole = f(weights, [[np.concatenate(three) for three in zip(a, b, c, strict=True)]], 1.5, 0.7)
    x, v, _ = a
    by_hand = weights - 0.7 * sum(row_gradients(weights, x, v, 1.5)) / 5
    assert np.allclose(f(weights, [a], 1.5, 0.7), by_hand)
    x, v, _ = b
    assert np.allclose(f(weights, [padded(b)], 1.5, 0.7), weights - 0.7 * row_gradients(weights, x, v, 1.5)[0])
    for parts in ([a, b, c], [c, a, b], [padded(a), b, padded(c)], [nothing, a, padded(b), nothing, c, nothing]):
        assert np.allclose(f(weights, parts, 1.5, 0.7), whole)
    assert np.allclose(f(weights, [nothing, nothing], 1.5, 0.7), weights)
