"""This is `share` times the alpha for one half. The share does not grow in proportion to alpha: solve for alpha."""


def alpha_for_share(student_logits, teacher_logits, labels, temperature, share):
    one_hot = np.eye(student_logits.shape[1])[labels]
    hard = np.linalg.norm(softmax(student_logits) - one_hot)
    soft = temperature * np.linalg.norm(softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    return share * hard / (hard + soft)
