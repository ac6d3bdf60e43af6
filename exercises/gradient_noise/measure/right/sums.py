"""With the sums written out."""


def gain(rule_third, fixed_third):
    d = [a - b for a, b in zip(rule_third, fixed_third, strict=True)]
    n, mean = len(d), sum(d) / len(d)
    half = 2.093 * (sum((x - mean) ** 2 for x in d) / (n - 1) / n) ** 0.5
    return mean, mean - half, mean + half


def own_part(fixed, rule, shorter):
    return gain(rule - fixed, shorter - fixed)
