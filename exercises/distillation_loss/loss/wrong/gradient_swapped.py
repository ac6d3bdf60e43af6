"""alpha weighs the labels' part here. It weighs the teacher's."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    return (alpha * hard + (1 - alpha) * soft) / len(student_logits)
