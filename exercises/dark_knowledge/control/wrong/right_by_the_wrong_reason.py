"""The answer is right. The reason is not: They differ in two ways at once"""


def decides():
    return 2, 2
