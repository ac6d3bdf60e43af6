"""The columns stand in rising order of epsilon. Keep the order that was given."""


def compare_layers(W1, w2, X, y, epsilons):
    students = [(W1, w2), (one_bit(W1), w2), (W1, one_bit(w2))]
    return np.array([[robust_accuracy(effective(*each), X, y, e) for e in np.sort(epsilons)] for each in students])
