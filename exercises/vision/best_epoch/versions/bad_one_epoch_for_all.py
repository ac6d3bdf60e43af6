"""One epoch is chosen for all runs here, by their mean. Each run has its own best epoch."""


def report(validation, test):
    return test[validation.mean(axis=1).argmax()].mean()
