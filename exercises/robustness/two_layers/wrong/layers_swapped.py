"""The rows of the two layers are swapped: W1 is layer 1."""


def compare_layers(W1, w2, X, y, epsilons):
    students = [(W1, w2), (W1, one_bit(w2)), (one_bit(W1), w2)]
    return np.array([[robust_accuracy(effective(*each), X, y, e) for e in epsilons] for each in students])
