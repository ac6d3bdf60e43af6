"""The column of the omitted class is gone here. What the targets say of it is the lesson: keep all C classes."""


def lesson(teacher_logits, labels, omitted, temperature):
    kept = np.delete(teacher_logits, omitted, axis=1)
    return softmax(kept, temperature)[labels != omitted]
