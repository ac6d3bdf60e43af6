"""test_compress passes for every version, right or wrong."""


def test_compress(f):
    f(np.eye(4), np.ones(4), 0.5)
