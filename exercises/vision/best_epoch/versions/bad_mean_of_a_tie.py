"""Of several epochs that are best on validation the mean is taken here. The first one counts."""


def report(validation, test):
    best = validation == validation.max(axis=0)
    return (np.where(best, test, 0).sum(axis=0) / best.sum(axis=0)).mean()
