"""The last row has one bit in both layers. It is layer 2 alone."""


def compare_layers(W1, w2, X, y, epsilons):
    students = [(W1, w2), (one_bit(W1), w2), (one_bit(W1), one_bit(w2))]
    return np.array([[robust_accuracy(effective(*each), X, y, e) for e in epsilons] for each in students])
