"""The teacher is tested on the resample too: its mean is not fixed."""


def paired_interval(student, teacher, indices, level):
    return interval(bootstrap_means(student, indices) - np.mean(teacher), level)
