"""Laws of the interval, and a count by hand of small tests."""


def test_difference_interval(f):
    hard = np.arange(60.0) ** 2
    for shift in (-2.0, 0.0, 5.0):
        assert np.allclose(f(hard + shift, hard, 7, 100, 0.9), shift)
    one, zeros = np.array([0.0, 1.0]), np.zeros(2)
    assert np.allclose(f(one, zeros, 1, 3000, 0.2), 0.5)
    assert np.allclose(f(one, zeros, 1, 3000, 0.9), [0, 1])
    assert np.allclose(f(zeros, one, 1, 3000, 0.9), [-1, 0])
    assert np.allclose(f(one, one[::-1], 1, 3000, 0.9), [-1, 1])
    rows = np.arange(100.0)
    for level, z in ((0.95, 1.96), (0.8, 1.2816), (0.5, 0.6745)):
        low, high = f(rows, np.zeros(100), 11, 5000, level)
        assert abs((high - low) / (2 * z * np.sqrt(833.25 / 100)) - 1) < 0.1
        assert abs((high + low) / 2 - 49.5) < 0.8
    tail = np.where(rows < 80, 0.0, 5.0)
    low, high = f(tail, np.zeros(100), 3, 5000, 0.5)
    assert 0.7 < low < high < 1.3
