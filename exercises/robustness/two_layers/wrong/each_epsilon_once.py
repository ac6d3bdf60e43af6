"""An epsilon that is given twice has two columns."""


def compare_layers(W1, w2, X, y, epsilons):
    students = [(W1, w2), (one_bit(W1), w2), (W1, one_bit(w2))]
    once = list(dict.fromkeys(np.asarray(epsilons).tolist()))
    return np.array([[robust_accuracy(effective(*each), X, y, e) for e in once] for each in students])
