"""The rows of both models must be the same. Here the teacher has those of the next resample."""


def paired_interval(student, teacher, indices, level):
    others = np.roll(indices, 1, axis=0)
    return interval(bootstrap_means(student, indices) - bootstrap_means(teacher, others), level)
