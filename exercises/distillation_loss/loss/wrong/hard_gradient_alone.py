"""The teacher's part of the gradient is missing: alpha times T (q - p)."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    return (1 - alpha) * hard / len(student_logits)
