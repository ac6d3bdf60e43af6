"""Each row has a grid of its own. All numbers share one."""


def fake_quantize(x, bits):
    if np.ndim(x) > 1:
        return np.array([fake_quantize(row, bits) for row in x])
    low, high = min(x.min(), 0.0), max(x.max(), 0.0)
    top = 2**bits - 1
    s = (high - low) / top
    if s == 0:
        return np.zeros(x.shape)
    z = np.round(-low / s)
    codes = np.clip(np.round(x / s) + z, 0, top)
    return s * (codes - z)
