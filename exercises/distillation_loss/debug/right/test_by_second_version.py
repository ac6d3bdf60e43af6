"""A second version beside it, on drawn logits, a sure and wrong network among them."""


def test_training_loss(f):
    rng = np.random.default_rng(5)
    logits, labels = rng.normal(size=(6, 4)), rng.integers(0, 4, size=6)
    logits[0] = [40.0, 0.0, 0.0, 0.0]
    labels[0] = 2
    expected = np.mean([np.logaddexp.reduce(z) - z[y] for z, y in zip(logits, labels, strict=True)])
    np.testing.assert_allclose(f(logits, labels), expected, rtol=1e-7)
