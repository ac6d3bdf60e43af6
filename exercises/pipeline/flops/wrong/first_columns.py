"""The first columns are taken. Which ones it is depends on `kept`."""


def dense_after(W, kept, height, width, rank):
    columns = list(range(len(kept) * height * width))
    U, s, Vt = np.linalg.svd(W[:, columns], full_matrices=False)
    return (U[:, :rank] * s[:rank]) @ Vt[:rank]
