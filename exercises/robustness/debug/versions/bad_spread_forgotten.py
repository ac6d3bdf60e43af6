"""The pixels are not divided by their spreads at all."""


def attacked_margins(w, b, mean, std, images, y, epsilon):
    changed = images - epsilon * y[:, np.newaxis] * np.sign(w)
    return y * ((np.clip(changed, 0.0, 1.0) - mean) @ w + b)
