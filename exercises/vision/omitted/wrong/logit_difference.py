"""These are differences of logits. The pull is made of probabilities."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    return (temperature * (student_logits - teacher_logits)[:, omitted]).mean()
