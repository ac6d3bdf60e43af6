"""With take_along_axis."""


def report(validation, test):
    return np.take_along_axis(test, validation.argmax(axis=0)[None], axis=0).mean()
