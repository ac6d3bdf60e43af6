"""This is the root of the error."""


def output_error(w, q, H):
    return np.sqrt((w - q) @ H @ (w - q))
