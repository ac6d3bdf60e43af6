"""That is not so. They do not, if the rule"""


def what_it_shows():
    return 3, 2
