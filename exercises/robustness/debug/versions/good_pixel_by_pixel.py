"""Image after image, pixel after pixel."""


def attacked_margins(w, b, mean, std, images, y, epsilon):
    margins = []
    for image, label in zip(images, y, strict=True):
        margin = label * b
        for weight, centre, spread, pixel in zip(w, mean, std, image, strict=True):
            ends = max(pixel - epsilon, 0.0), min(pixel + epsilon, 1.0)
            margin += min(label * weight * (end - centre) / spread for end in ends)
        margins.append(margin)
    return np.array(margins)
