"""The answer is right. The reason is not: They are nearly even"""


def times_smaller():
    return 16, 2
