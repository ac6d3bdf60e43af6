"""The estimate is right; the interval is too wide."""


def own_part(fixed, rule, shorter):
    mean = rule.mean() - shorter.mean()
    half_width = 2.093 * np.sqrt((rule.var(ddof=1) + shorter.var(ddof=1)) / len(rule))
    return mean, mean - half_width, mean + half_width
