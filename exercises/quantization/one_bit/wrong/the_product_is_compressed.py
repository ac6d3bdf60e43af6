"""The product of the layers was given one bit. Compress one layer, and multiply afterwards."""


def student_vector(W1, w2, layer):
    return one_bit(W1.T @ w2, None)
