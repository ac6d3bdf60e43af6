"""The sum of the losses and the number of rows of each class; the weights come last."""


def epoch_loss(losses, labels, weights):
    sums, counts = np.zeros(len(weights)), np.zeros(len(weights))
    for loss, y in zip(losses, labels, strict=True):
        np.add.at(sums, y, loss)
        np.add.at(counts, y, 1)
    return weights @ sums / (weights @ counts)
