"""That is not so. They are nearly even"""


def times_smaller():
    return 300, 2
