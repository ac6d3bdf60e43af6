"""The later columns move the wrong way: they add to the miss. Where inputs go together and column i lost, they gain."""


def push(w, H, i, miss):
    pushed = w.copy()
    pushed[i + 1 :] -= miss * np.linalg.solve(H[i + 1 :, i + 1 :], H[i + 1 :, i])
    return pushed
