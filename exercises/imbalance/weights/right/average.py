"""The weighted mean of NumPy, one-hot rows for the weights, and unique labels with their counts."""


def class_weights(labels, num_classes):
    weights = np.zeros(num_classes)
    classes, counts = np.unique(labels, return_counts=True)
    weights[classes] = labels.size / num_classes / counts
    return weights


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    p = softmax(teacher_logits, temperature)
    gap = log_softmax(teacher_logits, temperature) - log_softmax(student_logits, temperature)
    return np.average(np.einsum("nc,nc->n", p, gap), weights=np.take(weights, labels))


def weighted_kd_gradient(student_logits, teacher_logits, labels, temperature, weights):
    of_rows = np.eye(len(weights))[labels] @ weights
    gap = (softmax(student_logits, temperature) - softmax(teacher_logits, temperature)) / temperature
    return np.einsum("n,nc->nc", of_rows, gap) / of_rows.sum()


def rare_and_common(predictions, labels, rare):
    is_rare = np.array([label in rare for label in labels])
    right = np.array(predictions == labels, float)
    return np.average(right, weights=is_rare), np.average(right, weights=~is_rare)
