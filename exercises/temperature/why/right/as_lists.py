"""Lists, a tuple, and numbers that are not whole, or are."""


def incorrect_classes():
    return [2.0, 1.0]


def same_targets():
    return [40.0, 2]


def times_smaller():
    return [16.2, 3]


def softness():
    return (0, 0, 0.3, 0.7, 1.3, 1.6, 1.61, 1.61)
