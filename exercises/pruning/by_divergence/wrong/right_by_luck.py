"""The answer is right. The reason is not: It may be large"""


def when_distance_wins():
    return 2, 2
