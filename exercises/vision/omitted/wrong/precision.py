"""Of those called so, the part that is right stands in place of the recall. Recall is over the rows of the class."""


def naming(logits, labels, omitted):
    called = logits.argmax(axis=1) == omitted
    recall = (labels == omitted)[called].mean() if called.any() else 0.0
    return recall, called[labels != omitted].mean()
