"""The soft gradient is (q - p) / T here, as without the factor. With T squared it is T (q - p)."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = (softmax(student_logits, temperature) - softmax(teacher_logits, temperature)) / temperature
    return ((1 - alpha) * hard + alpha * soft) / len(student_logits)
