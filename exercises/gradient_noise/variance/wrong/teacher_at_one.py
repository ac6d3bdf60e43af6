"""The teacher stands at T = 1 here. Both sides are softened."""


def row_gradients(student_logits, teacher_logits, temperature):
    def softmax(logits, T=temperature):
        shifted = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    return (softmax(student_logits) - softmax(teacher_logits, 1.0)) / temperature
