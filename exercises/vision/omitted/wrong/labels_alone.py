"""The teacher says nothing here, as if labels taught. Subtract its probability of the class."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    return (temperature * softmax(student_logits, temperature)[:, omitted]).mean()
