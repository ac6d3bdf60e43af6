"""Every column is the accuracy without an attack."""


def compare_layers(W1, w2, X, y, epsilons):
    students = [(W1, w2), (one_bit(W1), w2), (W1, one_bit(w2))]
    return np.array([[robust_accuracy(effective(*each), X, y, 0.0) for e in epsilons] for each in students])
