"""This is the mean square of the output itself. Take w - q for the weights."""


def output_error(w, q, H):
    return q @ H @ q
