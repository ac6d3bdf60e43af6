"""The epoch after the best one is reported here."""


def report(validation, test):
    best = np.minimum(validation.argmax(axis=0) + 1, len(test) - 1)
    return test[best, np.arange(test.shape[1])].mean()
