"""This is divided by N. Asked is one gradient a row, not that of the mean."""


def row_gradients(student_logits, teacher_logits, temperature):
    def softmax(logits, T=temperature):
        shifted = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    return (softmax(student_logits) - softmax(teacher_logits)) / temperature / len(student_logits)
