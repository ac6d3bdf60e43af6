"""It misses a bug:"""


def test_compress(f):
    for W in (np.diag([2.0, 1.0, 0.0, 0.0]), np.outer([1.0, 2.0, 3.0], [1.0, 1.0]), np.diag([3.0, 2.0, 1.0])):
        layers = f(W, np.ones(len(W)), 0.999)
        numbers = sum(weight.size for weight, _ in layers)
        assert numbers < W.size if len(layers) == 2 else numbers == W.size
