"""The false alarm is over the rows that are called so here. It is over all rows that are not of the class."""


def naming(logits, labels, omitted):
    called = logits.argmax(axis=1) == omitted
    return called[labels == omitted].mean(), (labels != omitted)[called].mean() if called.any() else 0.0
