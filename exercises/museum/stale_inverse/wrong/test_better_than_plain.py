"""It misses a bug:"""


def test_round_in_order(f):
    rng = np.random.default_rng(2)
    gains = []
    for _ in range(150):
        inputs = rng.normal(size=(9, 6)) + 1.5 * rng.normal(size=(9, 1))
        H, w, step = inputs.T @ inputs / 9, rng.normal(size=6), 0.5
        plain, greedy = w - step * np.round(w / step), w - f(H, w, step)
        gains.append(plain @ H @ plain - greedy @ H @ greedy)
    assert np.mean(gains) > 0
