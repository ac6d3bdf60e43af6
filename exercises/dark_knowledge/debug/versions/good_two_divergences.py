"""One divergence, called twice: of two classes, and of the others."""


def decoupled(student_logits, teacher_logits, labels):
    def kl(v, z):
        log_p, log_q = v - log_sum(v)[:, np.newaxis], z - log_sum(z)[:, np.newaxis]
        return np.einsum("nc,nc->n", np.exp(log_p), log_p - log_q)

    def in_two(logits):
        return np.column_stack(
            [np.take_along_axis(logits, labels[:, np.newaxis], axis=1), log_sum(others(logits, labels))]
        )

    v, z = in_two(teacher_logits), in_two(student_logits)
    sure, rest = kl(v, z), kl(others(teacher_logits, labels), others(student_logits, labels))
    weight = np.exp(v[:, 1] - log_sum(v))
    return sure + weight * rest, sure, weight, rest
