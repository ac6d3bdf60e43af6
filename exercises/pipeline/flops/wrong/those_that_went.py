"""These are the channels that went."""


def dense_after(W, kept, height, width, rank):
    columns = [
        c * height * width + i
        for c in range(W.shape[1] // (height * width))
        if c not in kept
        for i in range(height * width)
    ]
    U, s, Vt = np.linalg.svd(W[:, columns], full_matrices=False)
    return (U[:, :rank] * s[:rank]) @ Vt[:rank]
