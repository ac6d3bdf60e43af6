"""Row by row, class by class."""


def evened(teacher_probs, labels):
    N, C = teacher_probs.shape
    result = np.zeros((N, C))
    for n in range(N):
        rest = sum(teacher_probs[n, i] for i in range(C) if i != labels[n])
        for i in range(C):
            result[n, i] = teacher_probs[n, i] if i == labels[n] else rest / (C - 1)
    return result


def rearranged(teacher_probs, labels, order):
    result = teacher_probs.copy()
    for n, y in enumerate(labels):
        wrong = [i for i in range(teacher_probs.shape[1]) if i != y]
        for j, i in enumerate(wrong):
            result[n, i] = teacher_probs[n, wrong[order[n, j]]]
    return result
