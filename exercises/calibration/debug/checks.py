"""What is asked of calibration/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.calibration", "kdlab.imbalance", "kdlab.uncertainty"]
kinds = {"confidence": "probabilities", "correct": "mask", "num_bins": "number"}
untried = {
    "ece": {
        "more than two dimensions": "The text says (N,).",
        "several rows": "The text says (N,).",
        "a number of 100 000 or more": "The text says at most 1000.",
    }
}


def questions(rng):
    """Return the function to mend, and the test that catches it."""
    return [Function("ece", 2, _calls(rng)), Catch("test_ece", of="ece", points=3)]


def _right(*answers):
    return np.array(answers, dtype=bool)


def _calls(rng):
    sure = 0.5 + 0.5 * rng.random(50)
    right = rng.random(50) < sure - 0.15
    at = {M: rng.permutation(np.arange(M + 1) / M) for M in (7, 10, 49, 100)}
    return [
        Call((np.ones(4), _right(1, 0, 1, 0), 5), "all at 1", public=True),
        Call((np.full(5, 0.82), _right(1, 1, 1, 1, 0), 5), "all at 0.82", public=True),
        Call((np.array([0.0, 0.0, 0.3]), _right(1, 0, 0), 4), "two at 0", public=True),
        Call((np.array([0.2, 0.15, 0.4]), _right(1, 0, 0), 5), "two edges", public=True),
        Call((sure, right, 15), "fifty answers"),
        Call((sure, ~right, 10), "fifty answers, mostly wrong"),
        Call((sure, right, 1), "one bin"),
        Call((sure, right, 400), "hundreds of bins"),
        *(Call((edges, rng.random(M + 1) < 0.5, M), f"all edges of {M} bins") for M, edges in at.items()),
        Call((np.array([0.4]), _right(0), 3), "one answer"),
        Call((sure, np.ones(50, dtype=bool), 5), "all right"),
        Call((sure, np.zeros(50, dtype=bool), 7), "none right"),
        Call((np.array([0.0, 0.9, 0.95]), _right(1, 0, 0), 5), "one at 0, two in the last bin"),
        Call((np.array([0.0, 0.15, 0.2]), _right(1, 0, 0), 4), "one at 0, two in its bin"),
        Call((np.array([0.9, 0.95, 1.0]), _right(1, 1, 0), 5), "one at 1, two beside it"),
        Call((np.array([0.7, 0.7, 0.7, 0.95]), _right(1, 0, 0, 0), 5), "three and one"),
        Call((np.array([0.3, 0.35, 0.9, 0.95]), _right(1, 1, 1, 0), 4), "gaps of both signs"),
        Call((np.array([1e-10, 0.0, 1 - 1e-12, 1.0]), _right(1, 0, 0, 1), 6), "beside both ends"),
        Call((rng.random(30) ** 3, rng.random(30) < 0.4, 12), "most of them low"),
        Call((np.array([0.28, 0.275, 0.56, 0.555, 0.57]), _right(1, 0, 0, 1, 1), 100), "edges that a product misses"),
    ]


styles = {
    "ece": {
        "reference": "Each bin asks which rows are its own.",
        "good_searchsorted": "Every row is told its bin, then all are added up at once.",
    },
    "test_ece": {
        "reference": "Two or three rows a call, each for one trait, with the error known by hand.",
        "test_by_fractions": "Many rows at edges and between, against a slow count in whole numbers.",
    },
}
