"""Every class of a tie counts as the answer. Only the lowest does."""


def top_label(probs, labels):
    largest = probs.max(axis=1)
    return [largest, probs[np.arange(len(labels)), labels] == largest]
