"""The gradient through the matrix of the softmax's derivatives, both terms as cross-entropies with a target."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    targets = np.zeros(student_logits.shape)
    targets[np.arange(len(labels)), labels] = 1

    def of_cross_entropy(target, T):
        q = softmax(student_logits, T)
        log_q_by_z = (np.eye(q.shape[1])[None] - q[:, None, :]) / T  # row, class, logit
        return -np.einsum("ni,nij->nj", target, log_q_by_z)

    soft = of_cross_entropy(softmax(teacher_logits, temperature), temperature)
    gradient = (1 - alpha) * of_cross_entropy(targets, 1.0) + alpha * temperature**2 * soft
    return gradient / gradient.shape[0]
