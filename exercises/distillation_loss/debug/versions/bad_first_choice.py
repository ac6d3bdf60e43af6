"""The first choice of the network stands for the label: it is praised for whatever it says."""


def training_loss(logits, labels):
    return -log_softmax(logits).max(axis=1).mean()
