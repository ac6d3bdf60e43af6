"""One column for each channel is taken. A channel has height × width of them."""


def dense_after(W, kept, height, width, rank):
    columns = list(kept)
    U, s, Vt = np.linalg.svd(W[:, columns], full_matrices=False)
    return (U[:, :rank] * s[:rank]) @ Vt[:rank]
