"""That is not so. Larger logits lie further apart"""


def same_targets():
    return 0.4, 3
