"""All rows but those of class 0 have the heaviest weight here. Each class has its own."""


def epoch_loss(losses, labels, weights):
    loss, y = np.concatenate(losses), np.concatenate(labels)
    w = np.where(y > 0, weights.max(), weights[0])
    return (w * loss).sum() / w.sum()
