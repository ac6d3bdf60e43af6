"""This counts who keeps the answer of the teacher. Count who is right."""


def compare_layers(W1, w2, X, y, epsilons):
    named = np.where(X @ effective(W1, w2) > 0, 1, -1)
    students = [(W1, w2), (one_bit(W1), w2), (W1, one_bit(w2))]
    return np.array([[robust_accuracy(effective(*each), X, named, e) for e in epsilons] for each in students])
