"""That is not so. It is. Who else is as far ahead"""


def what_it_shows():
    return 1, 1
