"""The answer is right. The reason is not: It gives more to classes"""


def incorrect_classes():
    return 2, 2
