"""Numbers that are all equal come back as 0. Their range goes from 0 to them, and has a step."""


def fake_quantize(x, bits):
    low, high = min(x.min(), 0.0), max(x.max(), 0.0)
    top = 2**bits - 1
    s = (high - low) / top
    if x.min() == x.max():
        return np.zeros(x.shape)
    z = np.round(-low / s)
    codes = np.clip(np.round(x / s) + z, 0, top)
    return s * (codes - z)
