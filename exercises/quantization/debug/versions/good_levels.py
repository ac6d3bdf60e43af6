"""All values of the grid, the even ones first, and of them the nearest."""


def fake_quantize(x, bits):
    ends = np.append(x, 0.0)
    s = np.ptp(ends / 2) * 2 / (2**bits - 1)
    if s == 0:
        return np.zeros(np.shape(x))
    multiples = np.arange(2**bits) - np.round(-ends.min() / s)
    multiples = multiples[np.argsort(multiples % 2)]
    nearest = [np.abs(number / s - multiples).argmin() for number in np.ravel(x)]
    return (s * multiples[nearest]).reshape(np.shape(x))
