"""A column of ones was added to X. It has none, unless you see one: fit what is there."""


def noise_estimate(X, y):
    with_ones = np.column_stack([np.ones(len(X)), X])
    residuals = y - with_ones @ np.linalg.lstsq(with_ones, y)[0]
    return residuals @ residuals / (len(X) - with_ones.shape[1])
