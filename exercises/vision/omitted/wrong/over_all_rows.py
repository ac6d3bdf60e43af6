"""Both are divided by the number of all rows here. Each has its own rows: those of the class, and the others."""


def naming(logits, labels, omitted):
    called = logits.argmax(axis=1) == omitted
    return (called & (labels == omitted)).mean(), (called & (labels != omitted)).mean()
