"""Number by number."""

import math


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = soft = 0.0
    for z, v, y in zip(student_logits, teacher_logits, labels, strict=True):
        q, q_soft, p_soft = softmax(z), softmax(z, temperature), softmax(v, temperature)
        for c in range(len(z)):
            hard += (q[c] - (c == y)) ** 2
            soft += (temperature * (q_soft[c] - p_soft[c])) ** 2
    hard, soft = (1 - alpha) * math.sqrt(hard), alpha * math.sqrt(soft)
    return soft / (soft + hard)
