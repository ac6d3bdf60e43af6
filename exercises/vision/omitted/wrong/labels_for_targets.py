"""These are the labels as targets, 1 and 0. The lesson is the softmax of the teacher."""


def lesson(teacher_logits, labels, omitted, temperature):
    return np.eye(teacher_logits.shape[1])[labels[labels != omitted]]
