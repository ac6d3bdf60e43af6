"""What is asked of uncertainty/fidelity, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.uncertainty", "kdlab.calibration", "kdlab.distillation_loss"]
parsons = ["paired_interval"]
kinds = {
    "probs": "probabilities",
    "labels": "labels",
    "losses": "weights",
    "means": "weights",
    "student": "weights",
    "teacher": "weights",
    "level": "fraction",
}

_FLAT = {"more than two dimensions": "The text says (N,).", "float32": "float32 is for those who choose it."}
_LEVEL = {
    "a fraction of 0": "The text says that the level is not 0.",
    "a fraction of 1": "The text says that the level is not 1.",
    "a fraction that is nearly a decimal": "No count hangs on the level: its rounding moves an end by as little.",
}
_PAIRS = _FLAT | _LEVEL
untried = {
    "brier": {"more than two dimensions": "The text says (N, C)."},
    "bootstrap_means": _FLAT,
    "interval": _FLAT | _LEVEL | {"integers": "Means are no integers."},
    "paired_interval": _PAIRS,
    "width_ratio": _PAIRS | {"an axis of length 1": "One row has the width 0, which the teacher's is not."},
    "verdicts": _PAIRS,
}

PROBS = np.array([[0.7, 0.2, 0.1], [0.25, 0.5, 0.25], [0.1, 0.1, 0.8]])
LABELS = np.array([0, 0, 1])
INDICES = np.array([[0, 0, 1, 3], [2, 2, 2, 2], [3, 1, 0, 2]])
STUDENT, TEACHER = np.array([1.2, 4.4, 2.1, 9.3]), np.array([2.0, 4.0, 1.0, 9.0])


def questions(rng):
    """Return the seven functions; hidden inputs come from `rng`."""
    return [
        Function("nll", 1, _nll_calls(rng)),
        Function("brier", 1, _brier_calls(rng)),
        Function("bootstrap_means", 1, _means_calls(rng)),
        Function("interval", 1, _interval_calls(rng)),
        Function("paired_interval", 2, _paired_calls(rng)),
        Function("width_ratio", 1, _ratio_calls(rng)),
        Function("verdicts", 2, _verdict_calls(rng)),
    ]


def _probs(rng, n, c):
    """Draw rows of probabilities, and labels of which not all are the most probable class."""
    probs = rng.dirichlet(np.ones(c), size=n)
    labels = rng.integers(c, size=n)
    labels[0] = probs[0].argmin()
    return probs, labels


def _nll_calls(rng):
    with np.errstate(divide="ignore"):
        of_zero = np.log(np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]))
    drawn = [_probs(rng, n, c) for n, c in ((7, 4), (1, 5), (6, 2))]
    return [
        Call((np.log(PROBS), LABELS), "three rows", public=True),
        Call((of_zero, np.array([1, 0])), "a label of probability 0", public=True),
        Call((np.array([[0.0]]), np.array([0])), "one class", public=True),
        *(Call((np.log(probs), labels), f"{len(labels)} rows") for probs, labels in drawn),
        Call((np.array([[0.0, -800.0, -900.0], [-1e-12, -30.0, -28.0]]), np.array([1, 0])), "far below 0"),
    ]


def _brier_calls(rng):
    drawn = [_probs(rng, n, c) for n, c in ((7, 4), (1, 5), (6, 2))]
    return [
        Call((PROBS, LABELS), "three rows", public=True),
        Call((np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1, 1])), "all wrong, and all right", public=True),
        Call((np.array([[1.0]]), np.array([0])), "one class", public=True),
        *(Call((probs, labels), f"{len(labels)} rows") for probs, labels in drawn),
        Call((np.array([[1 - 1e-10, 1e-10]]), np.array([1])), "a tiny probability"),
        Call((np.array([[1e-10, 1 - 1e-10]] * 2), np.array([1, 1])), "nearly right", atol=0.0, rtol=1e-5),
    ]


def _series(rng):
    """Yield losses and indices, with a note; B differs from N."""
    yield rng.normal(size=7), rng.integers(7, size=(12, 7)), "more resamples than rows"
    yield rng.exponential(size=9), rng.integers(9, size=(5, 9)), "fewer resamples than rows"
    yield rng.normal(size=1), np.zeros((4, 1), int), "one row"
    yield rng.exponential(size=6), rng.integers(6, size=(1, 6)), "one resample"
    yield rng.integers(10, size=5), rng.integers(5, size=(8, 5)), "integers"


def _means_calls(rng):
    losses = np.array([1.0, 2.0, 4.0, 9.0])
    return [
        Call((losses, INDICES), "the three resamples", public=True),
        Call((np.array([3.0, -1.0]), np.array([[0, 0], [1, 1], [1, 0]])), "two rows, a negative loss", public=True),
        Call((np.array([2.0]), np.array([[0], [0]])), "one row", public=True),
        *(Call((losses, indices), note) for losses, indices, note in _series(rng)),
        Call((1e-12 * rng.random(5), rng.integers(5, size=(3, 5))), "tiny losses", atol=0.0),
        Call((1e9 * rng.random(5), rng.integers(5, size=(3, 5))), "huge losses"),
        Call((np.zeros(3), np.array([[0, 1, 1], [2, 2, 0]])), "all losses are 0"),
    ]


def _interval_calls(rng):
    ten = np.arange(1.0, 11.0)
    return [
        Call((ten, 0.8), "one to ten", public=True),
        Call((ten[::-1].copy(), 0.5), "ten to one", public=True),
        Call((np.array([2.0]), 0.9), "one mean", public=True),
        Call((rng.normal(size=37), 0.95), "many means"),
        Call((rng.exponential(size=12), 1 / 3), "a third"),
        Call((rng.normal(size=9), 0.005), "a level close to 0"),
        Call((rng.normal(size=14) - 5, 0.99), "negative means"),
        Call((np.full(5, 3.5), 0.8), "all means alike"),
        Call((1e-12 * rng.random(8), 0.9), "tiny means", atol=0.0),
        Call((1e9 * rng.random(8), 0.9), "huge means"),
        Call((np.array([0.0, 0.0, 1.0]), 0.5), "zeros"),
    ]


def _pairs(rng):
    """Yield students, teachers and indices: models that find the same rows hard."""
    for n, b, note in ((8, 15, "more resamples than rows"), (11, 6, "fewer resamples than rows")):
        hard = rng.exponential(size=n)
        student, teacher = hard + rng.normal(0.2, 0.3, size=n), hard + rng.normal(0.0, 0.3, size=n)
        yield student, teacher, rng.integers(n, size=(b, n)), note


def _paired_calls(rng):
    same = rng.normal(size=6)
    return [
        Call((STUDENT, TEACHER, INDICES, 0.8), "the example", public=True),
        Call((TEACHER, TEACHER, INDICES, 0.8), "a model and itself", public=True),
        Call((TEACHER + 1.5, TEACHER, INDICES, 0.5), "worse by the same in every row", public=True),
        *(Call((*pair, 0.9), note) for *pair, note in _pairs(rng)),
        Call((same, -same, rng.integers(6, size=(9, 6)), 1 / 3), "a third"),
        Call(
            (np.array([3, 1, 4]), np.array([1, 5, 9]), np.array([[0, 1, 1], [2, 2, 0], [1, 2, 0], [1, 1, 1]]), 0.6),
            "integers",
        ),
        Call((rng.normal(size=1), rng.normal(size=1), np.zeros((3, 1), int), 0.95), "one row"),
        Call((1e-12 * rng.random(5), 1e-12 * rng.random(5), rng.integers(5, size=(7, 5)), 0.9), "tiny", atol=0.0),
        Call((1e9 * rng.random(5), 1e9 * rng.random(5), rng.integers(5, size=(7, 5)), 0.005), "huge"),
        Call((np.array([1.0, 0.0, 2.0]), np.zeros(3), rng.integers(3, size=(6, 3)), 0.5), "a teacher of zeros"),
    ]


def _ratio_calls(rng):
    spread = np.array([[0, 0], [1, 1], [0, 1]])
    return [
        Call((STUDENT, TEACHER, INDICES, 0.8), "the example", public=True),
        Call((np.full(4, 2.3), TEACHER, INDICES, 0.8), "a constant", public=True),
        Call((3 * TEACHER + 1, TEACHER, INDICES, 0.5), "three times as wide", public=True),
        *(Call((*pair, 0.9), note) for *pair, note in _pairs(rng)),
        Call((np.array([1, 5]), np.array([2, 4]), spread, 1 / 3), "integers"),
        Call((rng.normal(size=2), np.array([-1.0, 0.0]), spread, 0.005), "a level close to 0"),
        Call((1e-12 * rng.random(2), 1e-12 * np.array([1.0, 2.0]), spread, 0.9), "tiny"),
        Call((1e9 * rng.random(2), 1e9 * np.array([1.0, 2.0]), spread, 0.9), "huge"),
        Call((np.array([0.0, 4.0]), np.array([1.0, 2.0]), spread, 0.95), "a zero"),
    ]


def _verdict_calls(rng):
    """At the level 0.5, five resamples of two rows have their ends at the second and the fourth mean, exactly."""
    two = np.array([[0, 0], [0, 0], [0, 1], [1, 1], [1, 1]])
    often = np.array([[0, 0], [0, 0], [0, 0], [0, 1], [1, 1]])
    shift = np.array([4.0, 4.0])
    cases = [
        (STUDENT, TEACHER, INDICES, 0.8, "the example", True),
        (TEACHER, TEACHER, INDICES, 0.8, "a model and itself", True),
        (np.array([1.0, 3.0]) + 0.25, np.array([1.0, 3.0]), two, 0.5, "a little worse in every row", True),
        (np.array([1.0, 3.0]) - 0.25, np.array([1.0, 3.0]), two, 0.5, "a little better in every row", False),
        (np.array([1.0, 3.0]) + shift, np.array([1.0, 3.0]), two, 0.5, "far apart", False),
        (np.array([1.0, 3.0]) - shift, np.array([1.0, 3.0]), two, 0.5, "far better", False),
        (np.array([2.0, 6.0]), np.array([3.0, 1.0]), two, 0.5, "the mean of the teacher on the low end", False),
        (np.array([-6.0, -2.0]), np.array([-1.0, -3.0]), two, 0.5, "the mean on the high end, all negative", False),
        (np.array([3.0, 5.0]), np.array([3.0, 1.0]), two, 0.5, "intervals that touch", False),
        (np.array([1.0, -1.0]), np.array([1.0, 5.0]), two, 0.5, "intervals that touch, the better one below", False),
        (np.array([3.0, 5.0]), np.array([3.0, 1.0]), two, 0.5, "a paired end on 0", False),
        (np.array([3.0, 1.0]), np.array([3.0, 5.0]), two, 0.5, "the other paired end on 0", False),
        (np.array([2.0, 2.0]), np.array([1.0, 3.0]), two, 0.5, "a constant at the teacher's mean", False),
        (np.array([1.0, 9.0]), np.array([4.0, 5.0]), two, 0.5, "a wide one round a short one", False),
        (np.array([4.0, 5.0]), np.array([1.0, 9.0]), two, 0.5, "a short one within a wide one", False),
        (np.array([1.75, 3.25]), np.array([1.0, 3.0]), often, 0.5, "a row that is drawn more often", False),
        (np.array([3, 9]), np.array([1, 4]), two, 0.5, "integers", False),
        (np.array([5.0]), np.array([4.0]), np.zeros((3, 1), int), 0.9, "one row", False),
        (1e-12 * np.array([1.5, 3.5]), 1e-12 * np.array([1.0, 3.0]), two, 0.5, "tiny", False),
        (1e9 * np.array([1.5, 3.5]), 1e9 * np.array([1.0, 3.0]), two, 0.5, "huge", False),
        (np.array([0.0, 4.0]), np.array([1.0, 3.0]), two, 0.005, "a level close to 0", False),
        (np.array([0.0, 2.0]), np.array([1.0, 4.0]), two, 1 / 3, "a third", False),
    ]
    fixed = [Call((*args, level), note, public=public) for *args, level, note, public in cases]
    return fixed + [Call((*pair, 0.9), note) for *pair, note in _pairs(rng)]


styles = {
    "nll": {
        "reference": "One index for each row: all rows at once.",
        "counts": "Row by row, as one says it.",
    },
    "brier": {
        "reference": "The labels as rows of 0 and 1, and one difference.",
        "counts": "The label's class and the others apart: both parts of the score are seen.",
    },
    "bootstrap_means": {
        "reference": "All resamples at once: an array of indices gives an array of losses.",
        "counts": "How often each row was drawn, times its loss: a product of matrices.",
    },
    "paired_interval": {
        "reference": "One series of differences, and all that is there for one series.",
        "two_means": "Two means of each resample, and what is between them.",
    },
    "interval": {
        "reference": "Both quantiles in one call.",
        "counts": "Sorted, and a place between two numbers: what a quantile does, by hand.",
    },
    "width_ratio": {
        "reference": "The ends' difference at once, for one model and then the other.",
        "two_means": "All four ends have names.",
    },
    "verdicts": {
        "reference": "Each of the three questions in one line.",
        "two_means": "Each asks for the contrary, and turns it round: apart is simpler to say than overlapping.",
    },
}
