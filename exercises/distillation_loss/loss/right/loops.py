"""Plain loops, one row and one class at a time."""

import math


def divergence(student_logits, teacher_logits, temperature):
    rows = []
    for z, v in zip(student_logits, teacher_logits, strict=True):
        log_q, log_p = log_softmax(z, temperature), log_softmax(v, temperature)
        total = 0.0
        for class_q, class_p in zip(log_q, log_p, strict=True):
            if class_p > -math.inf:
                gap = class_p - class_q
                total += gap if gap == math.inf else math.exp(class_p) * gap
        rows.append(total)
    return np.array(rows)


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    total = 0.0
    for n, y in enumerate(labels):
        if alpha != 1:
            total += (1 - alpha) * -log_softmax(student_logits[n])[y]
        if alpha != 0:
            row = divergence(student_logits[n : n + 1], teacher_logits[n : n + 1], temperature)[0]
            total += alpha * temperature**2 * row
    return total / len(labels)


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    gradient = np.zeros(student_logits.shape)
    for n, (z, v) in enumerate(zip(student_logits, teacher_logits, strict=True)):
        q, q_soft, p_soft = softmax(z), softmax(z, temperature), softmax(v, temperature)
        for c in range(len(z)):
            hard = q[c] - 1 if c == labels[n] else q[c]
            soft = temperature * (q_soft[c] - p_soft[c])
            gradient[n, c] = ((1 - alpha) * hard + alpha * soft) / len(gradient)
    return gradient


def hot_limit(student_logits, teacher_logits):
    rows = []
    for z, v in zip(student_logits, teacher_logits, strict=True):
        d = (z - sum(z) / len(z)) - (v - sum(v) / len(v))
        rows.append(sum(d * d) / (2 * len(d)))
    return np.array(rows)
