"""That is not so. They differ in two ways at once"""


def decides():
    return 1, 2
