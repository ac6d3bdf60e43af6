"""Plain loops, one row and one class at a time."""


def class_weights(labels, num_classes):
    weights = np.zeros(num_classes)
    for c in range(num_classes):
        count = sum(label == c for label in labels.tolist())
        if count:
            weights[c] = len(labels) / num_classes / count
    return weights


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    total = of_weights = 0.0
    for z, v, label in zip(student_logits, teacher_logits, labels, strict=True):
        log_q, log_p = log_softmax(z, temperature), log_softmax(v, temperature)
        total += weights[label] * sum(np.exp(log_p) * (log_p - log_q))
        of_weights += weights[label]
    return total / of_weights


def weighted_kd_gradient(student_logits, teacher_logits, labels, temperature, weights):
    gradient = np.zeros(student_logits.shape)
    for n, label in enumerate(labels):
        q, p = softmax(student_logits[n], temperature), softmax(teacher_logits[n], temperature)
        gradient[n] = weights[label] * (q - p) / temperature
    return gradient / sum(weights[label] for label in labels)


def tilted(teacher_probs, weights, temperature):
    rows = []
    for p in teacher_probs:
        row = np.array([p_c * float(w_c) ** temperature for p_c, w_c in zip(p, weights, strict=True)])
        rows.append(row / sum(row))
    return np.array(rows)


def rare_and_common(predictions, labels, rare):
    right, rows = [0, 0], [0, 0]
    for prediction, label in zip(predictions.tolist(), labels.tolist(), strict=True):
        group = 0 if label in rare else 1
        rows[group] += 1
        right[group] += prediction == label
    return right[0] / rows[0], right[1] / rows[1]
