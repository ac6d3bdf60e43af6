"""That is not so. It does. Which of the two has the smaller one"""


def what_it_shows():
    return 1, 3
