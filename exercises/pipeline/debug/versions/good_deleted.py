"""Rows, biases and blocks of columns are deleted, one filter after the other."""


def without_filters(patches, W1, b1, W2, b2, n):
    blocks = W2.reshape(len(W2), len(W1), patches.shape[1])
    for _ in range(n):
        norms = [sum(abs(w) for w in row) for row in W1.tolist()]
        weakest = len(norms) - 1 - int(np.argmin(norms[::-1]))
        W1, b1 = np.delete(W1, weakest, axis=0), np.delete(b1, weakest)
        blocks = np.delete(blocks, weakest, axis=1)
    hidden = np.maximum(np.einsum("npd,fd->nfp", patches, W1) + b1[:, np.newaxis], 0.0)
    return np.einsum("nfp,ofp->no", hidden, blocks) + b2
