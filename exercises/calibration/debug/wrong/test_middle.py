"""It refuses a right version"""


def test_ece(f):
    assert np.allclose(f(np.array([0.82, 0.82]), np.array([True, False]), 5), 0.4)
