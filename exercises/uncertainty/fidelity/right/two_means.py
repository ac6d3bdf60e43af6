"""Both models on each resample, and then what is between them."""


def bootstrap_means(losses, indices):
    return np.array([sum(losses[i] for i in row) / len(row) for row in indices])


def paired_interval(student, teacher, indices, level):
    gaps = []
    for rows in indices:
        gaps.append(np.take(student, rows).mean() - np.take(teacher, rows).mean())
    return np.percentile(gaps, [50 * (1 - level), 50 * (1 + level)])


def width_ratio(student, teacher, indices, level):
    low_s, high_s = interval(bootstrap_means(student, indices), level)
    low_t, high_t = interval(bootstrap_means(teacher, indices), level)
    return (high_s - low_s) / (high_t - low_t)


def verdicts(student, teacher, indices, level):
    s, t = (interval(bootstrap_means(losses, indices), level) for losses in (student, teacher))
    low, high = paired_interval(student, teacher, indices, level)
    mean = sum(teacher) / len(teacher)
    apart = s[1] < t[0] or t[1] < s[0]
    return np.array([not (mean < s[0] or mean > s[1]), not apart, not low <= 0 <= high])
