"""A tie counts for the omitted class here. Of equal logits the lowest number wins."""


def naming(logits, labels, omitted):
    called = logits[:, omitted] >= logits.max(axis=1)
    return called[labels == omitted].mean(), called[labels != omitted].mean()
