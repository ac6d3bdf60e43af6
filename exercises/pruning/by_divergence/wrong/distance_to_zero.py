"""That is not so. It may be large and of great use"""


def when_distance_wins():
    return 1, 2
