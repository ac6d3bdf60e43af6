"""Columns are taken as if the channels stood side by side at each place. Channel c owns the columns from c H W on."""


def dense_after(W, kept, height, width, rank):
    columns = [i * (W.shape[1] // (height * width)) + c for i in range(height * width) for c in kept]
    U, s, Vt = np.linalg.svd(W[:, columns], full_matrices=False)
    return (U[:, :rank] * s[:rank]) @ Vt[:rank]
