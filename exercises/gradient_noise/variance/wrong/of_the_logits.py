"""These are logits subtracted, not probabilities: that is near the truth only at a high T."""


def row_gradients(student_logits, teacher_logits, temperature):
    return (student_logits - teacher_logits) / temperature
