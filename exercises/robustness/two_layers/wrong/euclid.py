"""This divides by the length of w. A change of every coordinate takes the sum of sizes."""


def critical_radii(w, X, y):
    return y * (X @ w) / np.linalg.norm(w)
