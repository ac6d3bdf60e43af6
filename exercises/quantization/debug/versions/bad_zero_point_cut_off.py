"""The zero point is cut off in place of rounded, so the values lie up to a step beside the numbers."""


def fake_quantize(x, bits):
    low, high = min(x.min(), 0.0), max(x.max(), 0.0)
    top = 2**bits - 1
    s = (high - low) / top
    if s == 0:
        return np.zeros(x.shape)
    z = np.floor(-low / s)
    codes = np.clip(np.round(x / s) + z, 0, top)
    return s * (codes - z)
