"""Row by row."""


def lesson(teacher_logits, labels, omitted, temperature):
    rows = [softmax(row, temperature) for row, label in zip(teacher_logits, labels, strict=True) if label != omitted]
    return np.array(rows).reshape(-1, teacher_logits.shape[1])


def naming(logits, labels, omitted):
    found = [0, 0]
    rows = [0, 0]
    for row, label in zip(logits, labels, strict=True):
        best = 0
        for c in range(1, len(row)):
            if row[c] > row[best]:
                best = c
        other = int(label != omitted)
        rows[other] += 1
        found[other] += best == omitted
    return found[0] / rows[0], found[1] / rows[1]
