"""The label's logit is taken away before the exponential. Take the largest of the wrong classes away."""


def wrong_classes(logits, labels):
    rest = np.array(logits, dtype=np.float64)
    largest = rest.max(axis=1, keepdims=True)
    weights = np.exp(rest - largest)
    weights[np.arange(len(labels)), labels] = 0
    return weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
