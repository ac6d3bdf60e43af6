"""This is the teacher: no layer is compressed."""


def student_vector(W1, w2, layer):
    return W1.T @ w2
