"""From the ratio of the pushes, with the odds of the weight."""


def lengths(student_logits, teacher_logits, labels, temperature):
    hard = softmax(student_logits)
    hard[np.arange(len(labels)), labels] -= 1
    soft = temperature * softmax(student_logits, temperature) - temperature * softmax(teacher_logits, temperature)
    return np.linalg.norm(hard.ravel()), np.linalg.norm(soft.ravel())


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    if alpha == 1:
        return 1.0
    hard, soft = lengths(student_logits, teacher_logits, labels, temperature)
    times = alpha / (1 - alpha) * soft / hard
    return times / (1 + times)


def alpha_for_share(student_logits, teacher_logits, labels, temperature, share):
    if share == 1:
        return 1.0
    hard, soft = lengths(student_logits, teacher_logits, labels, temperature)
    odds = share / (1 - share) * hard / soft
    return odds / (1 + odds)
