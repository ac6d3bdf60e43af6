"""All batches in one row, and the weighted mean of NumPy."""


def epoch_loss(losses, labels, weights):
    return np.average(np.concatenate(losses), weights=weights[np.concatenate(labels)])
