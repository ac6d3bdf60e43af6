"""Gaps of opposite sign cancel between the bins. Each bin adds the size of its gap."""


def ece(confidence, correct, num_bins):
    return abs((correct - confidence).sum()) / len(confidence)
