"""The estimate is right; the interval is too wide."""


def gain(rule_third, fixed_third):
    mean = rule_third.mean() - fixed_third.mean()
    half_width = 2.093 * np.sqrt((rule_third.var(ddof=1) + fixed_third.var(ddof=1)) / len(rule_third))
    return mean, mean - half_width, mean + half_width
