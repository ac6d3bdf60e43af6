"""Lists, and numbers that are not whole."""


def incorrect_classes():
    return [2.0, 1.0]


def same_targets():
    return [40.0, 2]


def times_smaller():
    return [16.2, 3]
