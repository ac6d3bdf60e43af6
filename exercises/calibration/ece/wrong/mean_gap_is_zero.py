"""The gap is 0 on average, but its size is not. Take the size of each outcome's gap, then the mean."""


def chance_of_bin(n, p):
    return 0.0
