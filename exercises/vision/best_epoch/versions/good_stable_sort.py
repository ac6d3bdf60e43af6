"""By a stable sort, the best first."""


def report(validation, test):
    first = np.argsort(-validation, axis=0, kind="stable")[0]
    return np.add.reduce([test[epoch, run] for run, epoch in enumerate(first)]) / len(first)
