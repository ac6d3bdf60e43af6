"""The compressed layer has its signs alone. It is m times the signs."""


def student_vector(W1, w2, layer):
    if layer == 1:
        return two_signs(W1).T @ w2
    return W1.T @ two_signs(w2)
