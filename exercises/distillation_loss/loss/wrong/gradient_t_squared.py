"""The soft gradient is T squared times (q - p) here. One T is used up by the derivative of z/T."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature**2 * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    return ((1 - alpha) * hard + alpha * soft) / len(student_logits)
