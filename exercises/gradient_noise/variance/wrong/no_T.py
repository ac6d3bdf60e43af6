"""Here 1/T is missing. The chain rule brings it: the logits are divided by T."""


def row_gradients(student_logits, teacher_logits, temperature):
    def softmax(logits, T=temperature):
        shifted = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    return softmax(student_logits) - softmax(teacher_logits)
