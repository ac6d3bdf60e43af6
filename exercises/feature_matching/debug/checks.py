"""What is asked of feature_matching/debug, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.feature_matching"]
kinds = {"X": "weights", "F": "weights", "lam": "rate"}
untried = {
    "weighted_fit": {
        "more than two dimensions": "The text says (n, d) and (m, d).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "tiny numbers": "Nothing in the bugs depends on the size of the numbers.",
        "huge numbers": "Nothing in the bugs depends on the size of the numbers.",
    }
}

# what the starter's two lines can be, and what is seen when they are
BUGS = [
    {
        "of_X": "X.T @ X / len(X)",
        "of_y": "X.T @ y / len(X)",
        "weight": "lam",
        "found": lambda n: 1 / 2,
        "symptom": "This code counts the features more, the more logits there are.",
    },
    {
        "of_X": "X.T @ X",
        "of_y": "X.T @ y",
        "weight": "lam / len(X)",
        "found": lambda n: 1 / (n * n + 1),
        "symptom": "This code counts the features less, the more logits there are.",
    },
    {
        "of_X": "X.T @ X / len(X)",
        "of_y": "X.T @ y / len(X)",
        "weight": "lam / len(F)",
        "found": lambda n: 1 / 2,
        "symptom": "This code counts the features more, the more logits there are, and less, the more features.",
    },
]


def variant(rng):
    """Draw the bug, and the number of logits of the example."""
    bug, n = BUGS[rng.integers(len(BUGS))], int(rng.integers(3, 8))
    numbers = {"n": n, "votes": n + 1, "right": f"1/{n + 1}", "found": f"{bug['found'](n):.3f}"}
    return bug | numbers


def questions(rng):
    """Return the fit to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("weighted_fit", 2, _calls(rng)),
        Catch("test_weighted_fit", of="weighted_fit", points=3),
    ]


def _calls(rng):
    ones = (np.ones((3, 1)), np.ones((2, 1)), np.zeros(3), np.ones(2))
    X, F = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 1.0]])
    y, h = np.array([1.0, 2.0, 0.0]), np.array([0.5, -1.0])
    return [
        Call((*ones, 1.0), "three votes for 0, two for 1", public=True),
        Call((X, F, y, h, 0.8), "two parameters", public=True),
        Call((X, F, y, h, 0.0), "features that do not count", public=True),
        Call((*_drawn(rng, 7, 4, 3), rng.uniform(1.5, 2.5)), "three parameters"),
        Call((*_drawn(rng, 4, 7, 3), rng.uniform(0.3, 0.6)), "more features than logits"),
        Call((*_drawn(rng, 2, 5, 4, seen=2), rng.uniform(0.3, 0.6)), "parameters that no logit sees"),
        Call((*_drawn(rng, 5, 5, 3), 1.0), "a weight of 1"),
        Call((*_drawn(rng, 6, 2, 2), 300.0), "a large weight"),
        Call((*_drawn(rng, 1, 1, 1), rng.uniform(0.3, 0.6)), "one of each"),
    ]


def _drawn(rng, n, m, d, seen=None):
    """Draw rows and targets; of X only the first `seen` columns are not 0."""
    X, F = (np.round(rng.normal(size=(rows, d)) + np.eye(rows, d), 3) for rows in (n, m))
    return X * (np.arange(d) < (seen or d)), F, rng.normal(size=n), rng.normal(size=m)


styles = {
    "weighted_fit": {
        "reference": "Where the gradient is 0, term by term: each factor can be compared with the formula.",
        "good_stacked": "One least squares of more rows: the weight stands in one place.",
    },
    "test_weighted_fit": {
        "reference": "Votes that are counted by hand: different numbers of them, and three weights.",
        "test_by_repeating": "A law: a row that comes twice counts as one of twice the weight.",
    },
}
