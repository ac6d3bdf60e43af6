"""These are the squares. They have the same order; asked are the magnitudes."""


def magnitude(W):
    return W**2.0
