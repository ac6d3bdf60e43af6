"""Run by run."""


def report(validation, test):
    chosen = []
    for run in range(validation.shape[1]):
        best = 0
        for epoch in range(1, len(validation)):
            if validation[epoch, run] > validation[best, run]:
                best = epoch
        chosen.append(test[best, run])
    return sum(accuracy / len(chosen) for accuracy in reversed(chosen))
