"""Both layers have one bit here. Leave the other one as it is."""


def student_vector(W1, w2, layer):
    return one_bit(W1, None).T @ one_bit(w2, None)
