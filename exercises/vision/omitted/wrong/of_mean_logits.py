"""The logits are averaged over the rows before the softmax here. Average the pulls."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    q, p = (softmax(z.mean(axis=0), temperature) for z in (student_logits, teacher_logits))
    return temperature * (q - p)[omitted]
