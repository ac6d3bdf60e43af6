"""The mean is over the classes as well: C times too small."""


def training_loss(logits, labels):
    is_label = np.arange(logits.shape[1]) == labels[:, None]
    return -np.where(is_label, log_softmax(logits), 0).mean()
