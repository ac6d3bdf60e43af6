"""The sign is lost here. A surprise is positive: minus the logarithm of a probability."""


def training_loss(logits, labels):
    return log_softmax(logits)[np.arange(len(labels)), labels].mean()
