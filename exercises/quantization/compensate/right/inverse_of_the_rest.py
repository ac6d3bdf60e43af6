"""By the inverse of what is left, as GPTQ has it."""


def output_error(w, q, H):
    return np.einsum("i,ij,j->", w - q, H, w - q)


def push(w, H, i, miss):
    inverse = np.linalg.inv(H[i:, i:])
    moves = -miss * inverse[:, 0] / inverse[0, 0]
    moves[0] = 0.0
    return w + np.concatenate([np.zeros(i), moves])
