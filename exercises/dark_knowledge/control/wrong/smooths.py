"""This mixes the teacher's probabilities with even ones. Those of the wrong classes should all be the same."""


def evened(teacher_probs, labels):
    return 0.9 * teacher_probs + 0.1 / teacher_probs.shape[1]
