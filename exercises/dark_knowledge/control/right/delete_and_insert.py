"""The label is deleted and inserted again."""


def evened(teacher_probs, labels):
    rows = []
    for row, y in zip(teacher_probs, labels, strict=True):
        wrong = np.delete(row, y)
        rows.append(np.insert(np.full(wrong.size, wrong.mean()), y, row[y]))
    return np.array(rows)


def rearranged(teacher_probs, labels, order):
    rows = [np.insert(np.delete(p, y)[o], y, p[y]) for p, y, o in zip(teacher_probs, labels, order, strict=True)]
    return np.array(rows)
