"""This is the probability of the label. The confidence is the largest of the row, whatever the label."""


def top_label(probs, labels):
    return [probs[np.arange(len(labels)), labels], probs.argmax(axis=1) == labels]
