"""The second number is the part of the other rows that is not called so. The false alarm is the part that is."""


def naming(logits, labels, omitted):
    called = logits.argmax(axis=1) == omitted
    return called[labels == omitted].mean(), 1 - called[labels != omitted].mean()
