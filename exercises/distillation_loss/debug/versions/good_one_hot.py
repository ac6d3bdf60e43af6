"""A product with a mask of the labels."""


def training_loss(logits, labels):
    is_label = np.arange(logits.shape[1]) == labels[:, None]
    return -np.where(is_label, log_softmax(logits), 0).sum() / len(labels)
