"""Columns before i move as well. They are rounded already, and stay."""


def push(w, H, i, miss):
    pushed = w.copy()
    others = np.arange(len(w)) != i
    if others.any():
        pushed[others] += miss * np.linalg.solve(H[np.ix_(others, others)], H[others, i])
    return pushed
