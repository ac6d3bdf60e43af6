"""What is asked of vision/best_epoch, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = []
kinds = {"validation": "scores", "test": "scores"}
untried = {
    "report": {
        "more than two dimensions": "The text says (epochs, runs).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "negative numbers": "An accuracy is at least 0.",
        "tiny numbers": "Nothing but the size changes if all accuracies are multiplied.",
        "huge numbers": "An accuracy is at most 1.",
    }
}


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [Function("report", 2, _calls(rng)), Catch("test_report", of="report", points=3)]


def _drawn(rng, epochs, runs):
    """Draw accuracies of which no two are equal; validation and test are best in different epochs."""
    validation = rng.permutation(epochs * runs).reshape(epochs, runs) / (epochs * runs)
    return validation, rng.uniform(size=(epochs, runs))


def _best_in(rng, places, epochs):
    """Draw accuracies whose best epoch on validation is the given one of each run."""
    validation, test = _drawn(rng, epochs, len(places))
    validation[places, np.arange(len(places))] = 1.0
    return validation, test


def _calls(rng):
    three = np.array([[0.90], [0.93], [0.92]]), np.array([[0.91], [0.90], [0.94]])
    runs = (
        np.array([[0.9, 0.5, 0.1], [0.7, 0.8, 0.2], [0.6, 0.7, 0.3], [0.5, 0.1, 0.4]]),
        np.array([[0.31, 0.62, 0.93], [0.44, 0.55, 0.86], [0.87, 0.28, 0.79], [0.58, 0.99, 0.12]]),
    )
    tied, of_tied = _drawn(rng, 7, 3)
    tied[[2, 4], 1] = tied[[0, 6], 2] = 1.0
    threefold, of_threefold = _drawn(rng, 40, 2)
    threefold[[11, 23, 37], 0] = threefold[[3, 30], 1] = 1.0
    close, of_close = _drawn(rng, 5, 4)
    close[1], close[3] = 0.999999991, 0.999999992
    return [
        Call(three, "the run of the text", public=True),
        Call(runs, "four epochs of three runs", public=True),
        Call((runs[0][:1], runs[1][:1]), "one epoch", public=True),
        Call(_best_in(rng, [2, 0, 3, 1], 4), "as many epochs as runs"),
        Call(_best_in(rng, [0, 0, 0], 5), "the first epoch is best in every run"),
        Call(_best_in(rng, [5, 5], 6), "the last epoch is best in every run"),
        Call(_best_in(rng, [1, 4, 2, 0, 3, 2, 4], 5), "more runs than epochs"),
        Call(_drawn(rng, 60, 2), "many epochs"),
        Call(_drawn(rng, 1, 1), "one epoch of one run"),
        Call((tied, of_tied), "two epochs tie"),
        Call((threefold, of_threefold), "three of many epochs tie"),
        Call((np.full((3, 2), 0.5), of_tied[:3, :2]), "all epochs tie"),
        Call((np.full((25, 2), 0.75), rng.uniform(size=(25, 2))), "all of many epochs tie"),
        Call((close, of_close), "two epochs that differ in the ninth digit"),
        Call((np.zeros((4, 2)), _drawn(rng, 4, 2)[1]), "nothing is right on validation"),
        Call((_drawn(rng, 5, 3)[0], np.zeros((5, 3))), "nothing is right on the test"),
    ]


styles = {
    "report": {
        "reference": "One index for each run, and one number of each column.",
        "good_loop": "Run by run, as the text says it.",
    },
    "test_report": {
        "reference": "Two examples worked out by hand, each number there once.",
        "test_by_laws": "Laws: every epoch in turn is made the best, runs alone and together, and ties.",
    },
}
