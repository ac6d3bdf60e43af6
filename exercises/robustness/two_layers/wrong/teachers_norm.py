"""Each student is attacked with the sum of sizes of the teacher. It has its own."""


def compare_layers(W1, w2, X, y, epsilons):
    norm = np.abs(effective(W1, w2)).sum()
    students = [(W1, w2), (one_bit(W1), w2), (W1, one_bit(w2))]
    return np.array([[np.mean(y * (X @ effective(*each)) > e * norm) for e in epsilons] for each in students])
