"""The layers are taken for each other: layer 1 is W1, layer 2 is w2."""


def student_vector(W1, w2, layer):
    if layer == 2:
        return one_bit(W1, None).T @ w2
    return W1.T @ one_bit(w2, None)
