"""That is not so. All answers come near to an even one"""


def does_it_fall():
    return 1, 1
