"""test_attacked_margins passes for every version, right or wrong."""


def test_attacked_margins(f):
    w, b, mean, std = np.array([1.0, -2.0]), 0.1, np.array([0.4, 0.3]), np.array([0.5, 0.25])
    f(w, b, mean, std, np.array([[0.5, 0.5]]), np.array([1]), 0.1)
