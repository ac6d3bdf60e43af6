"""A tie never counts for the omitted class here. Of equal logits the lowest number wins, and that may be it."""


def naming(logits, labels, omitted):
    called = logits[:, omitted] > np.delete(logits, omitted, axis=1).max(axis=1)
    return called[labels == omitted].mean(), called[labels != omitted].mean()
