"""Beside a function written in the test, on images with pixels everywhere."""


def test_attacked_margins(f):
    rng = np.random.default_rng(3)
    for pixels in (1, 3, 5):
        w, mean = rng.normal(size=pixels), rng.uniform(0.2, 0.6, size=pixels)
        std, images = rng.uniform(0.1, 2.0, size=pixels), rng.uniform(size=(12, pixels))
        y = np.where(np.arange(12) % 3 == 0, 1, -1)
        for epsilon in (0.0, 0.1, 0.4, 1.5):
            ends = [np.clip(images + step, 0, 1) for step in (-epsilon, epsilon)]
            parts = [y[:, np.newaxis] * w * (end - mean) / std for end in ends]
            expected = np.minimum(*parts).sum(axis=1) - 0.7 * y
            assert np.allclose(f(w, -0.7, mean, std, images, y, epsilon), expected)
