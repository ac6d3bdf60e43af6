"""It refuses a right version"""


def test_compress(f):
    W = np.zeros((8, 6))
    W[[0, 1, 2], [1, 2, 0]] = [3.0, 2.0, 1.0]
    assert len(f(W, np.zeros(8), 0.9)[0][0]) == 3
