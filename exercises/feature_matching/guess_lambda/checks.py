"""What is asked of feature_matching/guess_lambda, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.feature_matching"]
kinds = {"X": "weights", "F": "weights"}

_MATRICES = {
    "more than two dimensions": "The text says (n, d) and (m, d).",
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
}
untried = {
    "noise_estimate": _MATRICES,
    "chosen_weight": _MATRICES
    | {
        "tiny numbers": "The fit is given.",
        "huge numbers": "The fit is given.",
    },
}


def variant(rng):
    """Draw the numbers of the example."""
    n, d, total = int(rng.integers(9, 15)), int(rng.integers(2, 5)), int(rng.integers(6, 20))
    numbers = {"n": n, "d": d, "free": n - d, "sum": total}
    return numbers | {"by_n": f"{total / n:.3f}", "by_free": f"{total / (n - d):.3f}"}


def questions(rng):
    """Return the two functions; hidden inputs come from `rng`."""
    return [
        Function("noise_estimate", 2, _noise_calls(rng), lambda X, y: {"n": len(X), "d": X.shape[1]}),
        Function("chosen_weight", 2, _weight_calls(rng)),
    ]


def _noise_calls(rng):
    ones = np.ones((4, 1))
    steps = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0], [1.0, 4.0]])
    return [
        Call((ones, np.array([1.0, 2.0, 3.0, 6.0])), "a column of ones", public=True),
        Call((steps, np.array([0.0, 2.0, 3.0, 3.0, 7.0])), "a line", public=True),
        Call((steps[:, 1:], np.array([0.0, 2.0, 3.0, 3.0, 7.0])), "a line through 0", public=True),
        Call((rng.normal(size=(12, 3)), 5 + rng.normal(size=12)), "three parameters, no column of ones"),
        Call((rng.normal(size=(9, 5)), rng.normal(size=9)), "nearly as many parameters as rows"),
        Call((rng.normal(size=(7, 6)), rng.normal(size=7)), "one row more than parameters"),
        Call((3e6 * rng.normal(size=(8, 3)), 2e6 * rng.normal(size=8)), "huge numbers"),
        Call((1e-10 * rng.normal(size=(8, 3)), 1e-10 * rng.normal(size=8)), "tiny numbers", atol=0.0),
        Call(_nearly_explained(rng), "logits far larger than their noise", rtol=1e-7),
        Call((_alternating(rng), rng.normal(size=10)), "rows that see one parameter each"),
    ]


def _nearly_explained(rng):
    """Draw inputs and logits of which the fit leaves a hundred-thousandth."""
    X = rng.normal(size=(9, 3))
    return X, 1e5 * X @ rng.uniform(1, 2, size=3) + rng.normal(size=9)


def _alternating(rng):
    """Draw inputs that are 0 in one of two columns, in turn."""
    return rng.normal(size=(10, 2)) * np.tile(np.eye(2), (5, 1))


def _weight_calls(rng):
    X, F = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 1.0]])
    y, h = np.array([1.0, 2.0, 0.0]), np.array([0.5, -1.0])
    ones = np.ones((2, 1))
    # logits say 0, features say 1: the share of the features is lam / (1 + lam), and the held-out rows want this much
    votes = ones, ones, np.zeros(2), np.ones(2)
    return [
        Call((X, F, y, h, np.eye(2), np.array([0.2, 0.5]), [0.0, 0.8, 5.0]), "two parameters", public=True),
        Call((*votes, ones, np.full(2, 0.5), [3.0, 1.0, 0.0]), "half and half, in no order", public=True),
        Call((*votes, ones, np.array([-1.0, 0.5]), [1.0, 0.25, 0.0]), "features that do not help", public=True),
        Call((*votes, ones, np.full(2, 3.0), [0.5, 7.0, 2.0]), "features that help at any weight"),
        Call((*votes, ones, np.full(2, 0.75), [7.0, 0.25, 3.0, 1.0]), "in no order"),
        Call((*votes, np.zeros((3, 1)), rng.normal(size=3), [1.0, 2.0, 0.5]), "held-out rows that see nothing"),
        Call((*votes, np.array([[1.0], [3.0]]), np.array([0.9, 0.6]), [0.1, 0.3, 1.0, 3.0]), "unequal held-out rows"),
        Call(
            (*votes, np.array([[1.0], [1.0], [1.0]]), np.array([0.0, 0.0, 0.8]), [0.0, 1 / 3, 1.0]),
            "one held-out row that is far off",
        ),
        Call((*votes, ones, np.full(2, 0.7 + 1e-6), [9.0, 1.0]), "errors that hardly differ"),
        Call((ones, ones, np.zeros(2), np.full(2, 1e-6), ones, np.full(2, 0.6e-6), [0.2, 1.0, 3.0]), "tiny errors"),
        Call((*_two_valleys(rng), [0.0, 1.0, 1e6]), "an error that rises and then falls"),
        *(Call(_drawn(rng, *sizes), note) for *sizes, note in _SIZES for _ in range(3)),
    ]


def _two_valleys(rng):
    """Draw what one parameter learns from its features at once and the other one late; held-out rows want the other."""
    star = rng.uniform(1, 2, size=2)
    F = np.diag([10.0, 0.1])
    return np.eye(2), F, np.zeros(2), F @ star, np.eye(2), star * [0.45, 1.0]


# a fit to one held-out row and to fewer features than parameters has no error at any weight: which of them a wrong
# answer takes for the least would hang on rounding
_SIZES = [
    (8, 2, 3, 6, "three parameters"),
    (3, 6, 4, 5, "fewer logits than parameters"),
    (6, 5, 3, 1, "one held-out row"),
    (5, 3, 1, 4, "one parameter"),
]


def _drawn(rng, n, m, d, k):
    star = rng.normal(size=d)
    X, F, X_held = (rng.normal(size=(rows, d)) for rows in (n, m, k))
    y, y_held = X @ star + rng.normal(size=n), X_held @ star + 0.3 * rng.normal(size=k)
    h = F @ (star + 0.5 * rng.normal(size=d)) + 0.3 * rng.normal(size=m)
    return X, F, y, h, X_held, y_held, rng.permutation([0.03, 0.1, 0.3, 1.0, 3.0, 10.0]).tolist()


styles = {
    "noise_estimate": {
        "reference": "Fit, subtract, count what is left: as in the text.",
        "projection": "The projection itself: its trace is the number of directions that the fit has taken.",
    },
    "chosen_weight": {
        "reference": "One list of errors in the order of the weights: the first least one is the answer.",
        "running_best": "One candidate after the other: nothing is kept but the best so far.",
    },
}
