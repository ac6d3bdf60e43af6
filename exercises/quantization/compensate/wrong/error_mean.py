"""The error is divided by the number of weights. It is the mean over the inputs, and that is in H already."""


def output_error(w, q, H):
    return (w - q) @ H @ (w - q) / len(w)
