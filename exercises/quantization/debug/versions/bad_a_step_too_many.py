"""The step is the range divided by the number of values. Between 2**bits values there is one step less."""


def fake_quantize(x, bits):
    low, high = min(x.min(), 0.0), max(x.max(), 0.0)
    top = 2**bits - 1
    s = (high - low) / (top + 1)
    if s == 0:
        return np.zeros(x.shape)
    z = np.round(-low / s)
    codes = np.clip(np.round(x / s) + z, 0, top)
    return s * (codes - z)
