"""The labels' part is taken at T here. Its softmax stays at T = 1."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits, temperature) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    return ((1 - alpha) * hard + alpha * soft) / len(student_logits)
