"""Number by number."""


def fake_quantize(x, bits):
    numbers = np.ravel(x).tolist()
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    if low == high:
        return np.zeros(np.shape(x))
    s = (high - low) / (2**bits - 1)
    z = round(-low / s)
    codes = [min(max(round(number / s) + z, 0), 2**bits - 1) for number in numbers]
    return np.array([(code - z) * (high - low) / (2**bits - 1) for code in codes]).reshape(np.shape(x))
