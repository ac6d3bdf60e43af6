"""This is half of the error. A loss often has a half in front of it; the text has none."""


def output_error(w, q, H):
    return (w - q) @ H @ (w - q) / 2
