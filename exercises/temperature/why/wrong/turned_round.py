"""That is not so. The reason holds, but it leads to another answer."""


def same_targets():
    return 0.4, 2
