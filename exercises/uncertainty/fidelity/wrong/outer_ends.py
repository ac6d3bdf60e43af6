"""This is the widest that the two separate intervals allow, low less high and high less low."""


def paired_interval(student, teacher, indices, level):
    return interval(bootstrap_means(student, indices), level) - interval(bootstrap_means(teacher, indices), level)[::-1]
