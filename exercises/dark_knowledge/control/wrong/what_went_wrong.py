"""That is not so. A harm by false targets"""


def decides():
    return 3, 3
