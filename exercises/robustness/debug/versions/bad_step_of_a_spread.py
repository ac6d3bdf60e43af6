"""Each pixel changes by epsilon times its spread. It changes by epsilon."""


def attacked_margins(w, b, mean, std, images, y, epsilon):
    changed = images - epsilon * std * y[:, np.newaxis] * np.sign(w)
    return y * ((np.clip(changed, 0.0, 1.0) - mean) / std @ w + b)
