"""The gaps keep their signs. Each bin adds the size of its gap."""


def ece(confidence, correct, num_bins):
    return (correct - confidence).sum() / len(confidence)
