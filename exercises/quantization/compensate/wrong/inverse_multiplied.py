"""The block of the later columns is multiplied with, where a system with it is to be solved."""


def push(w, H, i, miss):
    pushed = w.copy()
    pushed[i + 1 :] += miss * (H[i + 1 :, i + 1 :] @ H[i + 1 :, i])
    return pushed
