"""All pixels are divided by the mean of the spreads. Each has its own."""


def attacked_margins(w, b, mean, std, images, y, epsilon):
    changed = images - epsilon * y[:, np.newaxis] * np.sign(w)
    return y * ((np.clip(changed, 0.0, 1.0) - mean) / std.mean() @ w + b)
