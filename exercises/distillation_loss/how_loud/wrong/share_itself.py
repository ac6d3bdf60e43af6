"""This is the share itself. The weight that leads to it depends on how loud each is."""


def alpha_for_share(student_logits, teacher_logits, labels, temperature, share):
    return float(share)
