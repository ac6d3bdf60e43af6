"""Row by row as they are: sorted, the losses of different rows are compared."""


def paired_interval(student, teacher, indices, level):
    return interval(bootstrap_means(np.sort(student) - np.sort(teacher), indices), level)
