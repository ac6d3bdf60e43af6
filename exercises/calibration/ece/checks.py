"""What is asked of calibration/ece, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.calibration", "kdlab.imbalance", "kdlab.uncertainty"]
parsons = ["ece"]
kinds = {
    "probs": "probabilities",
    "labels": "labels",
    "confidence": "probabilities",
    "correct": "mask",
    "num_bins": "number",
    "n": "number",
    "p": "fraction",
    "counts": "count",
    "confidences": "probabilities",
}

_BINS = {"a number of 100 000 or more": "The text says at most 1000."}
_ROWS = {"more than two dimensions": "The text says (N, C)."}
_LINE = {"more than two dimensions": "The text says (N,).", "several rows": "The text says (N,)."}
untried = {
    "top_label": _ROWS,
    "bin_of": _BINS | _LINE,
    "ece": _BINS | _LINE,
    "classwise": _ROWS | _BINS,
    "chance_of_bin": _BINS,
    "chance": _LINE,
}

SURE = np.array([0.1, 0.5, 0.5, 0.7, 0.9, 1.0, 0.0, 0.6, 0.6, 0.8])
RIGHT = np.array([0, 0, 1, 1, 1, 1, 1, 1, 0, 1], dtype=bool)
FOUR = np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.2, 0.2, 0.6], [0.7, 0.2, 0.1]])
OF_FOUR = np.array([0, 1, 1, 2])


def questions(rng):
    """Return the six functions; hidden inputs come from `rng`."""
    return [
        Function("top_label", 1, _top_calls(rng)),
        Function("bin_of", 2, _bin_calls(rng)),
        Function("ece", 2, _ece_calls(rng)),
        Function("classwise", 2, _classwise_calls(rng)),
        Function("chance_of_bin", 2, _chance_calls(rng)),
        Function("chance", 1, _all_chance_calls(rng)),
    ]


def _probs(rng, rows, classes):
    """Draw probabilities, and labels as likely as they say."""
    logits = 1.5 * rng.normal(size=(rows, classes))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return p, np.array([rng.choice(classes, p=of_row) for of_row in p])


def _top_calls(rng):
    tied = np.array([[0.4, 0.4, 0.2], [0.1, 0.45, 0.45], [1 / 3, 1 / 3, 1 / 3]])
    p, y = _probs(rng, 12, 5)
    square, y_square = _probs(rng, 4, 4)
    return [
        Call((FOUR, OF_FOUR), "four rows", public=True),
        Call((tied, np.array([1, 1, 2])), "ties", public=True),
        Call((np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([1, 1])), "sure of it", public=True),
        Call((p, y), "twelve rows of five classes"),
        Call((tied, np.array([0, 2, 0])), "ties, other labels"),
        Call((square, y_square), "as many rows as classes"),
        Call((p[:1], y[:1]), "one row"),
        Call((p, np.full(12, 3)), "one label for all"),
        Call((np.ones((3, 1)), np.zeros(3, dtype=int)), "one class"),
        Call((np.array([[0.5, 0.5 - 1e-8, 1e-8], [1e-12, 0.3, 0.7 - 1e-12]]), np.array([1, 2])), "hardly apart"),
        Call((np.array([[0.2, 0.3, 0.5], [0.45, 0.35, 0.2]]), np.array([1, 2])), "both wrong"),
    ]


def _bin_calls(rng):
    edges = {M: rng.permutation(np.arange(M + 1) / M) for M in (7, 10, 15, 49, 100)}
    return [
        Call((np.array([0.0, 0.1, 0.2, 0.3, 1.0]), 5), "an edge, 0 and 1", public=True),
        Call((np.array([0.28, 0.29, 0.07, 0.14, 0.57, 0.58]), 100), "edges that a product misses", public=True),
        Call((np.array([0.3, 0.9, 0.0]), 1), "one bin", public=True),
        *(Call((at, M), f"all edges of {M} bins") for M, at in edges.items()),
        Call((rng.random(40), int(rng.integers(5, 13))), "ordinary confidences"),
        Call((np.array([1 - 0.9, 1 - 0.7, 0.1 + 0.2]), 10), "a rounding beside an edge"),
        Call((np.array([1e-9, 0.001, 0.4 + 1e-9, 0.6 - 1e-9, 1 - 1e-12]), 5), "just beside an edge"),
        Call((np.array([0.75]), 3), "one confidence"),
        Call((np.sort(rng.random(30)) ** 4, 4), "most of them low"),
        Call((rng.random(20), 300), "hundreds of bins"),
    ]


def _ece_calls(rng):
    sure = 0.5 + 0.5 * rng.random(60)
    right = rng.random(60) < sure - 0.1
    order = rng.permutation(10)
    off = np.array([0.12, 0.18, 0.35, 0.62, 0.66, 0.68, 0.95])
    return [
        Call(
            (np.array([0.6] * 5 + [0.9] * 5), np.array([1, 1, 1, 0, 0, 1, 1, 1, 1, 0], dtype=bool), 5), "", public=True
        ),
        Call((SURE, RIGHT, 5), "ten answers, an empty bin", public=True),
        Call((np.ones(3), np.ones(3, dtype=bool), 15), "sure and right", public=True),
        Call((off, np.array([1, 0, 1, 1, 1, 0, 0], dtype=bool), 4), "bins of one, two and three"),
        Call((SURE[order], RIGHT[order], 5), "in another order"),
        Call((np.tile(SURE, 2), np.tile(RIGHT, 2), 5), "every row twice"),
        Call((sure, right, 15), "sixty answers"),
        Call((sure, ~right, 10), "mostly wrong"),
        Call((sure, right, 1), "one bin"),
        Call((sure, right, 200), "hundreds of bins"),
        Call((np.array([0.8]), np.array([False]), 3), "one answer"),
        Call((sure, np.zeros(60, dtype=bool), 5), "none right"),
        Call((np.array([0.0, 1.0, 0.0, 1.0]), np.array([1, 0, 0, 1], dtype=bool), 2), "nothing but 0 and 1"),
        Call((np.array([0.25, 0.5, 0.75, 1.0, 0.0]), np.array([1, 0, 0, 1, 1], dtype=bool), 4), "all at edges"),
        Call((np.array([0.1, 0.2, 1e-10, 0.003]), np.array([0, 1, 1, 0], dtype=bool), 10), "low confidences"),
        Call((np.array([1 - 0.9, 1 / 3, 1 - 0.7]), np.array([0, 1, 0], dtype=bool), 3), "three answers"),
    ]


def _classwise_calls(rng):
    p, y = _probs(rng, 30, 4)
    square, y_square = _probs(rng, 3, 3)
    two, y_two = _probs(rng, 25, 2)
    rare = np.array([[0.95, 0.05]] * 18 + [[0.3, 0.7]] * 2), np.array([1] + [0] * 17 + [1, 0])
    return [
        Call((FOUR, OF_FOUR, 5), "four rows", public=True),
        Call(
            (np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9]]), np.array([0, 1, 1, 1]), 5), "two", public=True
        ),
        Call((np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([1, 0]), 15), "sure and right", public=True),
        Call((p, y, 10), "thirty rows of four classes"),
        Call((*rare, 10), "a rare class"),
        Call((two, y_two, 15), "two classes"),
        Call((square, y_square, 7), "as many rows as classes"),
        Call((p[:1], y[:1], 4), "one row"),
        Call((p, np.zeros(30, dtype=int), 6), "labels of one class alone"),
        Call((p, y, 1), "one bin"),
        Call((p, y, 500), "hundreds of bins"),
        Call((np.ones((4, 1)), np.zeros(4, dtype=int), 3), "one class"),
        Call((np.array([[1e-12, 1 - 1e-12], [0.2, 0.8], [0.4, 0.6]]), np.array([1, 0, 1]), 5), "tiny, and at edges"),
    ]


def _chance_calls(rng):
    n = int(rng.integers(11, 40))
    shown = (2, 0.5), (20, 0.9), (5, 0.0), (5, 1.0)
    hidden = (
        (1, 0.3),
        (7, 0.3),
        (10, 0.3),
        (3, 0.5),
        (200, 0.5),
        (200, 0.995),
        (n, 1 / 3),
        (n, 1 - 0.9),
        (4, 0.005),
        (1, 1.0),
        (100, 0.29),
        (199, 0.005),
    )
    return [
        *(Call(pair, f"{pair[0]} at {pair[1]:g}", public=True) for pair in shown),
        *(Call(pair, f"{pair[0]} at {pair[1]:.4g}") for pair in hidden),
        Call((n, float(rng.uniform(0.5, 0.95))), "any bin"),
    ]


def _all_chance_calls(rng):
    return [
        Call((np.array([5, 5]), np.array([0.6, 0.9])), "the example", public=True),
        Call((np.array([8, 2]), np.array([0.6, 0.9])), "more of one", public=True),
        Call((np.array([0, 4, 0]), np.array([0.1, 0.5, 0.9])), "empty bins", public=True),
        Call((np.array([1]), np.array([0.7])), "one row"),
        Call((rng.integers(1, 60, size=6), np.sort(rng.random(6))), "six bins"),
        Call((np.array([200, 3, 1, 0]), np.array([0.995, 0.3, 0.005, 0.0])), "nearly all in one bin"),
        Call((np.array([7, 3, 12, 4]), np.array([0.0, 1.0, 1 / 3, 1e-10])), "confidences of 0 and 1"),
        Call((np.array([6, 9]), np.array([1 - 0.9, 1 - 0.7])), "low confidences"),
    ]


styles = {
    "top_label": {
        "reference": "The largest of each row, and where it is.",
        "loops": "Row by row, as one would do it by hand.",
    },
    "bin_of": {
        "reference": "Edges are counted, so nothing is multiplied and rounded.",
        "loops": "Each bin asks which rows are its own.",
    },
    "ece": {
        "reference": "Sums of gaps: no bin is divided by its rows, so none can be empty.",
        "loops": "The formula, bin by bin.",
    },
    "classwise": {
        "reference": "The same function for each column.",
        "loops": "The classes in turn, each against all others.",
    },
    "chance_of_bin": {
        "reference": "All outcomes, with their chances.",
        "loops": "De Moivre's closed form: one term.",
    },
    "chance": {
        "reference": "Each bin with its rows, and a division at the end.",
        "loops": "Shares first, then their sum.",
    },
}
