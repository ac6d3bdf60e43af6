"""Row by row."""


def weighted_fit(X, F, y, h, lam):
    left, right = 0.0, 0.0
    for rows, targets, weight in ((X, y, 1.0), (F, h, lam)):
        for row, target in zip(rows, targets, strict=True):
            left = left + weight * np.outer(row, row)
            right = right + weight * row * target
    return np.linalg.inv(left) @ right
