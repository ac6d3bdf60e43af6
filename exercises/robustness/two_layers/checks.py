"""What is asked of robustness/two_layers, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = [
    "kdlab.robustness",
    "kdlab.quantization",
    "kdlab.straight_through",
    "kdlab.pipeline",
    "kdlab.federated",
    "kdlab.gradient_noise",
]
parsons = ["compare_layers"]
kinds = {"W1": "weights", "w2": "weights", "w": "weights", "X": "weights", "epsilon": "rate", "epsilons": "rate"}
_TWO = {
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    "integers": "The text says floats.",
    "more than two dimensions": "The text says (H, D), (H,) and (N, D).",
}
untried = {
    "effective": _TWO,
    "critical_radii": _TWO,
    "robust_accuracy": _TWO,
    "compare_layers": _TWO,
    "signs_last": _TWO,
}
styles = {
    "effective": {
        "reference": "A vector from the left: it weighs rows.",
        "loops": "Unit after unit, as the sum is written.",
    },
    "critical_radii": {
        "reference": "All margins, over one norm.",
        "by_shares": "A weighted mean of what the coordinates say.",
    },
    "robust_accuracy": {
        "reference": "Margins beside what the attack takes.",
        "loops": "The worst corner of each box, and its score.",
    },
    "compare_layers": {
        "reference": "Three pairs of layers, then the table.",
        "loops": "Filled in cell by cell.",
    },
    "signs_last": {
        "reference": "A column of sizes, times rows.",
        "loops": "One unit after the other.",
    },
}

FIRST, SECOND = np.array([[3.0, 1.0], [-1.0, 2.0]]), np.array([1.0, 2.0])
INPUTS, LABELS = np.array([[1.0, 0.5], [0.2, 0.4], [-1.0, 0.1], [-0.3, -0.2]]), np.array([1, 1, -1, -1])
EPSILONS = [0.0, 0.05, 0.1, 0.13, 0.2, 0.3]
# radii 1/4, 1/8, 1/4, -1/8 and 0: the sum of sizes is a power of two, so every tie is exact
TIED = np.array([1.0, -2.0, 1.0])
AT = np.array([[1.0, 0.0, 0.0], [0.0, -0.25, 0.0], [0.0, 0.5, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.0]])
OF = np.array([1, 1, -1, -1, 1])

# the attack of 0.5 takes 2; one that moves a point by a length takes 1, and one of a single coordinate 0.5
EQUAL = np.array([1.0, -1.0, 1.0, -1.0])
NEAR = np.diag([0.75, -1.5, 3.0, 1.25])


def questions(rng):
    """Return the five functions; hidden inputs come from `rng`."""
    return [
        Function("effective", 1, _layer_calls(rng)),
        Function("critical_radii", 2, _radius_calls(rng)),
        Function("robust_accuracy", 2, _accuracy_calls(rng)),
        Function("compare_layers", 3, _table_calls(rng)),
        Function("signs_last", 2, _layer_calls(rng)),
    ]


def _sizes(rng, *shape):
    """Draw numbers of both signs, whose sizes differ by up to ten."""
    return rng.uniform(0.3, 3.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def _layers(rng, units, features):
    """Draw two layers; no weight of the second is 1, which would weigh nothing."""
    return _sizes(rng, units, features), 1.3 * _sizes(rng, units)


def _layer_calls(rng):
    W1, w2 = _layers(rng, 5, 3)
    unread = w2.copy()
    unread[rng.integers(5)] = 0.0
    return [
        Call((FIRST, SECOND), "the example", public=True),
        Call((np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0]]), np.array([-2.0, 0.5])), "three inputs", public=True),
        Call((np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.0, -3.0])), "a unit that is not read", public=True),
        Call((W1, w2), "more units than inputs"),
        Call(_layers(rng, 3, 6), "more inputs than units"),
        Call(_layers(rng, 4, 4), "as many units as inputs"),
        Call(_layers(rng, 1, 4), "one unit"),
        Call(_layers(rng, 4, 1), "one input"),
        Call((W1, unread), "a unit that is not read"),
        Call((W1, -np.abs(w2)), "all of w2 negative"),
        Call((1e-100 * W1, w2), "tiny numbers", atol=0.0),
        Call((W1, 1e100 * w2), "huge numbers"),
    ]


def _points(rng, w, number):
    """Draw inputs whose radii are not equal, a quarter of them on the wrong side; return them with their labels."""
    X = _sizes(rng, number, len(w))
    y = np.where(X @ w > 0, 1, -1)
    y[: max(1, number // 4)] *= -1
    order = rng.permutation(number)
    return X[order], y[order]


def _radius_calls(rng):
    w = _sizes(rng, 5)
    w[1] *= 4
    gap = w.copy()
    gap[rng.integers(2, 5)] = 0.0
    one = np.array([rng.uniform(1.5, 4.0)])
    return [
        Call((np.array([1.0, -2.0]), np.array([[0.5, 0.1], [0.2, 0.0]]), np.array([1, -1])), "by hand", public=True),
        Call((TIED, AT, OF), "a score of 0, and a wrong answer", public=True),
        Call((np.array([1.0, 5.0]), INPUTS, LABELS), "the example", public=True),
        Call((w, *_points(rng, w, 8)), "eight inputs"),
        Call((-w, *_points(rng, w, 6)), "most of them wrong"),
        Call((gap, *_points(rng, gap, 6)), "a weight of 0"),
        Call((one, *_points(rng, one, 4)), "one coordinate"),
        Call((w, *_points(rng, w, 1)), "one input"),
        Call((w[:4], *_points(rng, w[:4], 4)), "as many inputs as coordinates"),
        Call((1e-100 * w, *_points(rng, w, 6)), "tiny weights"),
        Call((1e100 * w, *_points(rng, w, 6)), "huge weights"),
        Call((w, 1e-12 * _sizes(rng, 3, 5), np.array([1, -1, 1])), "tiny inputs", atol=0.0),
    ]


def _between(rng, w, X, y, place):
    """Return an epsilon between two neighbouring radii, so that rounding decides nothing."""
    radii = np.sort((y * (X @ w) / np.abs(w).sum())[y * (X @ w) > 0])
    return float(radii[place] + rng.uniform(0.3, 0.7) * (radii[place + 1] - radii[place]))


def _accuracy_calls(rng):
    w = _sizes(rng, 6)
    w[2] *= 3
    X, y = _points(rng, w, 25)
    gap = np.insert(w, 3, 0.0)
    wide, of_wide = _points(rng, gap, 16)
    one = np.array([-rng.uniform(1.5, 4.0)])
    line, of_line = _points(rng, one, 9)
    return [
        Call((np.array([1.0, 5.0]), INPUTS, LABELS, 0.1), "the example", public=True),
        Call((TIED, AT, OF, 0.0), "nothing changes, a score of 0", public=True),
        Call((TIED, AT, OF, 0.125), "a tie", public=True),
        Call((TIED, AT, OF, 0.25), "ties alone", public=True),
        Call((EQUAL, NEAR, np.array([1, 1, 1, -1]), 0.5), "weights of one size", public=True),
        *(Call((w, X, y, _between(rng, w, X, y, place)), "25 inputs") for place in (1, 5, 9, 13)),
        Call((w, X, y, 0.0), "nothing changes"),
        Call((w, X, -y, _between(rng, w, X, -y, 2)), "most of them wrong"),
        Call((w, X, y, 100.0), "everything changes"),
        Call((gap, wide, of_wide, _between(rng, gap, wide, of_wide, 4)), "a weight of 0"),
        Call((one, line, of_line, _between(rng, one, line, of_line, 2)), "one coordinate"),
        Call((w, X[y * (X @ w) > 0][:1], y[y * (X @ w) > 0][:1], 1e-9), "one input, right"),
        Call((w, X[y * (X @ w) < 0][:1], y[y * (X @ w) < 0][:1], 1e-9), "one input, wrong"),
        Call((1e-100 * w, X, y, _between(rng, w, X, y, 6)), "tiny weights"),
        Call((1e100 * w, X, y, _between(rng, w, X, y, 6)), "huge weights"),
        Call((w, 1e-12 * X, y, 1e-12 * _between(rng, w, X, y, 6)), "tiny inputs"),
    ]


def _network(rng, units, features, number, count):
    """Draw a network, inputs, and epsilons that stand away from the radii of teacher and students."""
    while True:
        W1, w2 = _layers(rng, units, features)
        X = _sizes(rng, number, features)
        y = np.where(X @ (w2 @ W1) > 0, 1, -1)
        of = [w2 @ W1, w2 @ _one_bit(W1), _one_bit(w2) @ W1]
        radii = np.concatenate([y * (X @ w) / np.abs(w).sum() for w in of])
        epsilons = rng.uniform(0.02, 0.9, size=count)
        if np.abs(radii[:, np.newaxis] - epsilons).min() > 1e-6 and np.abs(radii).min() > 1e-6:
            return W1, w2, X, y, epsilons


def _one_bit(W):
    return np.abs(W).mean() * np.where(W >= 0, 1.0, -1.0)


def _table_calls(rng):
    W1, w2, X, y, epsilons = _network(rng, 4, 6, 30, 5)
    zeros = W1.copy()
    zeros[0, 1] = zeros[2, 3] = 0.0
    rows = np.array([[8.0], [0.2], [1.0], [0.5]]) * W1
    return [
        Call((FIRST, SECOND, INPUTS, LABELS, EPSILONS), "the example", public=True),
        Call((FIRST, SECOND, INPUTS, LABELS, [0.2, 0.05, 0.2]), "not in order, one twice", public=True),
        Call((FIRST, np.array([0.5, 0.0]), INPUTS, LABELS, [0.0, 0.1]), "a unit that is not read", public=True),
        Call((TIED[np.newaxis], np.ones(1), AT, OF, [0.0, 0.125, 0.25]), "ties", public=True),
        Call((W1, w2, X, y, np.sort(epsilons)), "six inputs, four units"),
        Call((W1, w2, X, y, np.sort(epsilons)[::-1]), "falling epsilons"),
        Call((W1, w2, X, -y, [0.0]), "most of them wrong, one epsilon"),
        Call((zeros, w2, X, y, epsilons), "weights of 0"),
        Call((rows, w2, X, y, epsilons), "rows of different size"),
        Call((1e3 * W1, 1e-3 * w2, X, y, epsilons), "a large layer and a small one"),
        Call(_network(rng, 5, 3, 20, 4), "more units than inputs"),
        Call(_network(rng, 1, 4, 20, 3), "one unit"),
        Call(_network(rng, 3, 1, 12, 3), "one coordinate"),
        Call(_network(rng, 3, 3, 3, 3), "sizes alike"),
        Call((W1, w2, X[:1], y[:1], epsilons), "one input"),
        Call((1e-100 * W1, w2, X, y, epsilons), "tiny weights"),
        Call((1e50 * W1, 1e50 * w2, X, y, epsilons), "huge weights"),
    ]
