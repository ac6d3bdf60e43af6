"""The miss is shared out evenly among the later columns. H says which of them can do how much."""


def push(w, H, i, miss):
    pushed = w.copy()
    if i + 1 < len(w):
        pushed[i + 1 :] += miss / (len(w) - i - 1)
    return pushed
