"""The weights come in twice here."""


def epoch_loss(losses, labels, weights):
    loss, w = np.concatenate(losses), weights[np.concatenate(labels)]
    return (w * w * loss).sum() / w.sum()
