"""Recall and false alarm stand in each other's place."""


def naming(logits, labels, omitted):
    called = logits.argmax(axis=1) == omitted
    return called[labels != omitted].mean(), called[labels == omitted].mean()
