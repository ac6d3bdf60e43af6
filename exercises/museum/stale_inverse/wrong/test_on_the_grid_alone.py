"""It misses a bug:"""


def test_round_in_order(f):
    H = np.array([[4.0, 3.0, 3.0], [3.0, 4.0, 2.0], [3.0, 2.0, 4.0]])
    codes = f(H, np.array([-0.7, 1.4, 2.3]), 0.5) / 0.5
    assert np.allclose(codes, np.round(codes))
