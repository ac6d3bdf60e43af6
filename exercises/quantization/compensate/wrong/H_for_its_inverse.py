"""The later columns move by H itself. Solve a system with the block of H of the later columns."""


def push(w, H, i, miss):
    pushed = w.copy()
    pushed[i + 1 :] += miss * H[i + 1 :, i] / H[i, i]
    return pushed
