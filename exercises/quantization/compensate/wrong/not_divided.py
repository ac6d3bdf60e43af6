"""The inverse is that of column i and the later ones, but it is not divided by its own entry at i, i."""


def push(w, H, i, miss):
    pushed = w.copy()
    inverse = np.linalg.inv(H[i:, i:])
    pushed[i + 1 :] -= miss * inverse[1:, 0]
    return pushed
