"""It refuses a right version: AssertionError"""


def test_distil(f):
    rng = np.random.default_rng(2)
    start, teacher, inputs, T = *rng.normal(size=(2, 3, 4)), rng.normal(size=(5, 3)), 2.5
    expected, p = start.copy(), softmax(inputs @ teacher, T)
    for _ in range(6):
        expected -= 0.3 * T * (inputs.T @ (softmax(inputs @ expected, T) - p)) / 5
    assert (f(start, teacher, inputs, T, 0.3, 6)[0] == expected).all()
