"""What is asked of imbalance/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.imbalance"]
kinds = {"losses": "weights", "labels": "labels", "weights": "weights"}
untried = {
    "epoch_loss": {
        "more than two dimensions": "The text says one loss a row.",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "tiny numbers": "Nothing changes if all losses or all weights are multiplied.",
        "huge numbers": "Nothing changes if all losses or all weights are multiplied.",
    }
}


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("epoch_loss", 2, _calls(rng)),
        Catch("test_epoch_loss", of="epoch_loss", points=3),
    ]


def _cut(losses, labels, lengths):
    """Return the rows in batches of these lengths."""
    ends = np.cumsum(lengths)[:-1]
    return np.split(losses, ends), np.split(labels, ends)


def _drawn(rng, lengths, classes):
    """Draw losses, and labels of which the last batch has the first class alone."""
    losses, labels = rng.gamma(2.0, size=sum(lengths)), rng.integers(0, classes, size=sum(lengths))
    labels[:classes] = np.arange(classes)
    labels[-lengths[-1] :] = 0
    return _cut(losses, labels, lengths)


def _calls(rng):
    losses, labels = np.array([0.5, 0.5, 0.5, 2.0, 0.5, 0.5, 0.5, 0.5]), np.array([0, 0, 0, 1, 0, 0, 0, 0])
    two = np.array([4 / 7, 4.0])
    three = np.array([1.0, 2.0, 3.0, 5.0, 1.5, 0.5]), np.array([0, 0, 1, 2, 0, 0])
    weights = np.array([0.5, 4.0, 2.0])
    return [
        Call((*_cut(losses, labels, [4, 4]), two), "the two batches of the text", public=True),
        Call((*_cut(losses, labels, [8]), two), "one batch", public=True),
        Call((*_cut(*three, [4, 2]), weights), "three classes, a short batch", public=True),
        Call((*_cut(*three, [1, 2, 3]), weights), "three batches, of one, two and three rows", public=True),
        Call((*_cut(*three, [3, 1, 2]), np.array([0.0, 4.0, 2.0])), "a batch whose rows weigh nothing", public=True),
        Call((*_cut(*three, [2, 4]), np.array([0.0, 4.0, 2.0])), "a first batch whose rows weigh nothing"),
        Call((*_drawn(rng, [7, 5, 3], 4), rng.uniform(1.0, 3.0, 4)), "several batches"),
        Call((*_drawn(rng, [6, 6, 6], 3), rng.uniform(1.0, 3.0, 3)), "batches of one length"),
        Call((*_drawn(rng, [11, 1, 1], 5), rng.uniform(0.01, 0.2, 5)), "batches of one row, small weights"),
        Call((*_drawn(rng, [4, 9, 2, 5], 3), rng.uniform(20.0, 90.0, 3)), "large weights"),
        Call((*_drawn(rng, [5, 4], 3), np.full(3, 1.7)), "all weights alike"),
        Call((*_drawn(rng, [8, 3, 4], 6), np.append(rng.uniform(1, 3, 5), 8.0)), "six classes"),
        Call((*_cut(rng.normal(size=9), np.arange(9) % 4, [4, 3, 2]), rng.uniform(1, 3, 4)), "losses below 0"),
        Call((*_cut(np.append(rng.uniform(1, 2, 6), 0.0), np.arange(7) % 3, [4, 3]), weights), "a loss of 0"),
    ]


styles = {
    "epoch_loss": {
        "reference": "Two running sums: the batches need not be kept.",
        "good_at_once": "All batches in one row first; then the formula as it stands.",
    },
    "test_epoch_loss": {
        "reference": "One epoch worked out by hand, cut in three ways.",
        "test_by_laws": "Laws that need no number: cuts, copies, and rows that weigh nothing.",
    },
}
