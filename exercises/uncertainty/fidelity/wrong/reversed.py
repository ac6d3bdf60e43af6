"""Student less teacher: this is the other way round."""


def paired_interval(student, teacher, indices, level):
    return interval(bootstrap_means(np.subtract(teacher, student), indices), level)
