"""T multiplies the logits here; it should divide them."""


def row_gradients(student_logits, teacher_logits, temperature):
    def softmax(logits, T=temperature):
        shifted = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    return (softmax(student_logits, 1 / temperature) - softmax(teacher_logits, 1 / temperature)) / temperature
