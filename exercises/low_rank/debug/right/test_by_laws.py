"""Laws that hold for every matrix: the numbers, the outputs, what is missed, and the bias."""


def test_compress(f):
    rng = np.random.default_rng(4)
    shapes = [(8, 6), (6, 8), (4, 4), (3, 2), (9, 9), (5, 7)]
    for (m, n), tau in [(shape, tau) for shape in shapes for tau in (0.3, 0.6, 0.9, 0.999)]:
        for rank in range(1, min(m, n) + 1):
            W, b = rng.normal(size=(m, rank)) @ rng.normal(size=(rank, n)), rng.normal(size=m)
            s = np.linalg.svd(W, compute_uv=False)
            shares = np.cumsum(s**2) / np.sum(s**2)
            r = int(np.argmax(shares >= tau)) + 1
            layers = f(W, b, tau)
            if r * (m + n) >= m * n:
                assert len(layers) == 1
                assert np.allclose(layers[0][0], W)
            else:
                (V, zero), (U, _) = layers
                assert V.shape == (r, n)
                assert np.allclose(zero, 0)
                assert np.allclose(np.linalg.norm(W - U @ V), np.sqrt(np.sum(s[r:] ** 2)), atol=1e-6)
                assert np.allclose(np.sum(U**2, axis=0), np.sum(V**2, axis=1))
            assert np.allclose(layers[-1][1], b)
