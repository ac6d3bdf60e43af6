"""Each later column moves as if it alone were free. Solve for all of them at once."""


def push(w, H, i, miss):
    pushed = w.copy()
    pushed[i + 1 :] += miss * H[i + 1 :, i] / np.diag(H)[i + 1 :]
    return pushed
