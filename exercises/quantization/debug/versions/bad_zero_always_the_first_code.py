"""The zero point is always 0, so that numbers below 0 become 0."""


def fake_quantize(x, bits):
    low, high = min(x.min(), 0.0), max(x.max(), 0.0)
    top = 2**bits - 1
    s = (high - low) / top
    if s == 0:
        return np.zeros(x.shape)
    z = 0.0
    codes = np.clip(np.round(x / s) + z, 0, top)
    return s * (codes - z)
