"""That is not so. It gives more to classes whose logit lies below"""


def incorrect_classes():
    return 1, 2
