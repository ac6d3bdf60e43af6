"""Probabilities by their logarithms, the variance as a trace, the slope by four temperatures."""


def row_gradients(student_logits, teacher_logits, temperature):
    both = np.stack([student_logits, teacher_logits]) / temperature
    both = both - both.max(axis=-1, keepdims=True)
    q, p = np.exp(both - np.log(np.exp(both).sum(axis=-1, keepdims=True)))
    return (q - p) / temperature


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    centred = gradients - gradients.mean(axis=0)
    one = np.trace(centred.T @ centred) / N
    left = 1.0 if replacement or N == 1 else (N - batch_size) / (N - 1)
    return left * one / batch_size


def exponent(student_logits, teacher_logits, temperature):
    def at(step):
        g = row_gradients(student_logits, teacher_logits, temperature * np.exp(step))
        return np.log(batch_variance(g, 1, True))

    h = 1e-3
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
