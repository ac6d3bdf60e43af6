"""Only the pixel that counts most is changed. All may change."""


def attacked_margins(w, b, mean, std, images, y, epsilon):
    slope = w / std
    changed = images - epsilon * y[:, np.newaxis] * np.sign(slope) * (np.abs(slope) == np.abs(slope).max())
    return y * ((np.clip(changed, 0.0, 1.0) - mean) / std @ w + b)
