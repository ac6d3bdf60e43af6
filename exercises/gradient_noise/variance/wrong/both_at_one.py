"""Here both sides stand at T = 1. The temperature divides the logits too."""


def row_gradients(student_logits, teacher_logits, temperature):
    def softmax(logits, T=temperature):
        shifted = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)

    return (softmax(student_logits, 1.0) - softmax(teacher_logits, 1.0)) / temperature
