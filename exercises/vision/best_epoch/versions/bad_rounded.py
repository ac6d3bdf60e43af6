"""Validation accuracies are rounded here before they are compared. A difference in the last digits is no tie."""


def report(validation, test):
    best = validation.round(6).argmax(axis=0)
    return test[best, np.arange(test.shape[1])].mean()
