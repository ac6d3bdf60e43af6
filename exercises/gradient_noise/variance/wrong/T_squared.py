"""This is the gradient of the loss with the factor T squared. Asked is the loss without it."""


def row_gradients(student_logits, teacher_logits, temperature):
    def softmax(logits, T=temperature):
        shifted = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    return temperature * (softmax(student_logits) - softmax(teacher_logits))
