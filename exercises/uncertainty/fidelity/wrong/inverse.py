"""The student's width over the teacher's: this is the other way round."""


def width_ratio(student, teacher, indices, level):
    s, t = (interval(bootstrap_means(x, indices), level) for x in (student, teacher))
    return (t[1] - t[0]) / (s[1] - s[0])
