"""That is not so. Two intervals above 0"""


def what_it_shows():
    return 3, 1
