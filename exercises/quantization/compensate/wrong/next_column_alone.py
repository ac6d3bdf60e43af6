"""Only the next column moves. All later ones can make up for the miss."""


def push(w, H, i, miss):
    pushed = w.copy()
    if i + 1 < len(w):
        pushed[i + 1] += miss * H[i + 1, i] / H[i + 1, i + 1]
    return pushed
