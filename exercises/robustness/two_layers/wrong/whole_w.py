"""The product w got one bit a weight. It is the layer that gets it, before the product."""


def compare_layers(W1, w2, X, y, epsilons):
    w = effective(W1, w2)
    students = [w, one_bit(w), effective(W1, one_bit(w2))]
    return np.array([[robust_accuracy(each, X, y, e) for e in epsilons] for each in students])
