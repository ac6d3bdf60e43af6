"""It refuses a right version: AssertionError"""


def test_ece(f):
    rng = np.random.default_rng(0)
    confidence, correct = rng.random(200), rng.random(200) < 0.5
    inside = [(confidence > b / 9) & (confidence <= (b + 1) / 9) for b in range(9)]
    assert (
        f(confidence, correct, 9) == sum(i.sum() * abs(correct[i].mean() - confidence[i].mean()) for i in inside) / 200
    )
