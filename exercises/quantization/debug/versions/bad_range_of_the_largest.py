"""The range goes as far below 0 as above it. It ends at the least and the largest number, or at 0."""


def fake_quantize(x, bits):
    low, high = -np.abs(x).max(), np.abs(x).max()
    top = 2**bits - 1
    s = (high - low) / top
    if s == 0:
        return np.zeros(x.shape)
    z = np.round(-low / s)
    codes = np.clip(np.round(x / s) + z, 0, top)
    return s * (codes - z)
