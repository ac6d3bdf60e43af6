"""No row has a weight here: this is the plain mean."""


def epoch_loss(losses, labels, weights):
    return np.concatenate(losses).mean()
