"""The last epoch is never chosen here. If it is the best one on validation, it counts."""


def report(validation, test):
    best = validation[:-1].argmax(axis=0) if len(validation) > 1 else validation.argmax(axis=0)
    return test[best, np.arange(test.shape[1])].mean()
