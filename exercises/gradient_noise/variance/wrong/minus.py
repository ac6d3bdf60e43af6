"""The sign is turned round: the gradient is q - p, and a step goes against it."""


def row_gradients(student_logits, teacher_logits, temperature):
    def softmax(logits, T=temperature):
        shifted = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    return (softmax(teacher_logits) - softmax(student_logits)) / temperature
