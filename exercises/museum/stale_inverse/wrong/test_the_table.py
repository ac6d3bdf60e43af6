"""It misses a bug:"""


def test_round_in_order(f):
    H = np.array([[4.0, 3.0, 3.0], [3.0, 4.0, 2.0], [3.0, 2.0, 4.0]])
    assert np.allclose(f(H, np.array([-0.4, -0.4, -0.3]), 1.0), [0, -1, 0])
