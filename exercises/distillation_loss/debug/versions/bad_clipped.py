"""Probabilities are cut off at 1e-7: no loss is above 16.1, and who is sure and wrong gets away with it."""


def training_loss(logits, labels):
    q = np.clip(softmax(logits), 1e-7, 1.0)
    return -np.log(q[np.arange(len(labels)), labels]).mean()
