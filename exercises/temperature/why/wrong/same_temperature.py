"""That is not so. A soft target holds more"""


def same_targets():
    return 4, 1
