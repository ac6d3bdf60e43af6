"""The first choice of the teacher stands in for its probabilities."""


def row_gradients(student_logits, teacher_logits, temperature):
    def softmax(logits, T=temperature):
        shifted = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    return (softmax(student_logits) - np.eye(student_logits.shape[1])[teacher_logits.argmax(axis=1)]) / temperature
