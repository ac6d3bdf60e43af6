"""Each loss with its gradient, then one sum."""


def hybrid(z, v, label, alpha, temperature):
    def of_label():
        return -log_softmax(z)[label], softmax(z) - np.eye(len(z))[label]

    def of_teacher():
        p, q = softmax(v, temperature), softmax(z, temperature)
        log_ratio = log_softmax(v, temperature) - log_softmax(z, temperature)
        return temperature**2 * np.dot(p, log_ratio), temperature * (q - p)

    parts = zip(of_label(), of_teacher(), strict=True)
    return tuple((1 - alpha) * hard + alpha * soft for hard, soft in parts)
