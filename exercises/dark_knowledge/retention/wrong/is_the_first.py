"""Whether the label is the most probable class is another question: it may be any of the first k."""


def is_kept(probs, labels, k):
    return probs.argmax(axis=1) == labels
