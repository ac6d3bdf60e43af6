"""Column i is changed. Leave it as it is in w: only the later ones move."""


def push(w, H, i, miss):
    pushed = w.copy()
    pushed[i + 1 :] += miss * np.linalg.solve(H[i + 1 :, i + 1 :], H[i + 1 :, i])
    pushed[i] -= miss
    return pushed
