"""How far each pixel may go down and up, and what that takes."""


def attacked_margins(w, b, mean, std, images, y, epsilon):
    slope = w / std
    down, up = np.minimum(epsilon, images), np.minimum(epsilon, 1 - images)
    toward = y[:, np.newaxis] * slope  # what a brighter pixel does to the margin
    lost = np.maximum(down * toward, -up * toward)
    return y * (images @ slope - mean @ slope + b) - lost.sum(axis=1)
