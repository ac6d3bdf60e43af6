"""Every run is read at the best epoch of the first one here."""


def report(validation, test):
    return test[validation[:, 0].argmax()].mean()
