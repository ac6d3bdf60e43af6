"""Layer 1 has a scale for each row here. The text asks for one m for the layer."""


def student_vector(W1, w2, layer):
    if layer == 1:
        return one_bit(W1, 0).T @ w2
    return W1.T @ one_bit(w2, None)
