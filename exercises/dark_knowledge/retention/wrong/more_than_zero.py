"""A class is called kept here if more than 0 is left of it. It can be among the first k with a probability of 0."""


def is_kept(probs, labels, k):
    return keep_top(probs, k)[np.arange(len(labels)), labels] > 0
