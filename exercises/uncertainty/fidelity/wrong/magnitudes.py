"""Differences keep their sign: a row on which the student is better counts below 0."""


def paired_interval(student, teacher, indices, level):
    return interval(bootstrap_means(np.abs(np.subtract(student, teacher)), indices), level)
