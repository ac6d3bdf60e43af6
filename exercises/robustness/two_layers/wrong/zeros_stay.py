"""Weights of 0 stay 0 in the students. One bit has no 0: they become +m."""


def compare_layers(W1, w2, X, y, epsilons):
    def signed(W):
        return np.abs(W).mean() * np.sign(W)

    students = [(W1, w2), (signed(W1), w2), (W1, signed(w2))]
    return np.array([[robust_accuracy(effective(*each), X, y, e) for e in epsilons] for each in students])
