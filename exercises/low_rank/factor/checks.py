"""What is asked of low_rank/factor, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.low_rank", "kdlab.pipeline"]
parsons = ["factors"]
kinds = {"W": "weights", "x": "weights", "U": "weights", "V": "weights", "s": "weights", "tau": "fraction"}

_FLOATS = {
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
}
_MATRICES = _FLOATS | {"more than two dimensions": "The text says (m, n)."}
untried = {
    "approximation": _MATRICES,
    "factors": _MATRICES,
    "layer_output": _FLOATS,
    "rank_for_energy": _MATRICES
    | {
        "a fraction of 0": "The text says above 0.",
        "negative numbers": "The text says that none is negative.",
    },
}

SMALL = np.array([[3.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0], [1.0, 0.0, 1.0]])


def questions(rng):
    """Return the five functions; hidden inputs come from `rng`."""
    return [
        Function("approximation", 2, _approximation_calls(rng)),
        Function("factors", 2, _factors_calls(rng)),
        Function("layer_output", 1, _output_calls(rng)),
        Function("largest_saving_rank", 1, _saving_calls(rng)),
        Function("rank_for_energy", 2, _energy_calls(rng)),
    ]


def _matrix(rng, m, n):
    """Draw a matrix whose singular values lie apart, and whose columns of U have one largest entry each."""
    k = min(m, n)
    s = 1.6 ** -np.arange(k) * rng.uniform(0.95, 1.05, size=k) * rng.uniform(2, 4)
    while True:
        U = np.linalg.qr(rng.normal(size=(m, k)))[0]
        largest = np.sort(np.abs(U), axis=0)[::-1]
        if m == 1 or (largest[0] > 1.02 * largest[1]).all():
            return (U * s) @ np.linalg.qr(rng.normal(size=(n, k)))[0].T


def _shapes(rng):
    """Yield matrices with a rank and a note."""
    yield _matrix(rng, 7, 4), 2, "more outputs than inputs"
    yield _matrix(rng, 4, 7), 3, "more inputs than outputs"
    yield _matrix(rng, 5, 5), 2, "as many outputs as inputs"
    yield _matrix(rng, 6, 4), 1, "rank 1"
    yield _matrix(rng, 4, 6), 4, "the full rank"
    yield _matrix(rng, 1, 5), 1, "one output"
    yield _matrix(rng, 6, 1), 1, "one input"
    yield np.insert(_matrix(rng, 5, 3), 1, 0.0, axis=1), 2, "an input that is not read"


def _approximation_calls(rng):
    rank_1 = np.outer([1.0, -2.0, 0.5], [2.0, 1.0, 0.0, -1.0])
    return [
        Call((SMALL, 2), "the example", public=True),
        Call((SMALL, 1), "rank 1", public=True),
        Call((SMALL.T, 2), "more inputs than outputs", public=True),
        Call((rank_1, 2), "a matrix of rank 1, asked for rank 2", public=True),
        *(Call((W, r), note) for W, r, note in _shapes(rng)),
        Call((1e-150 * _matrix(rng, 5, 4), 2), "tiny numbers", rtol=1e-7, atol=0.0),
        Call((1e150 * _matrix(rng, 4, 5), 2), "huge numbers", rtol=1e-7),
    ]


def _factors_calls(rng):
    return [
        Call((SMALL, 2), "the example", public=True),
        Call((SMALL, 1), "rank 1", public=True),
        Call((SMALL.T, 2), "more inputs than outputs", public=True),
        *(Call((W, r), note) for W, r, note in _shapes(rng)),
        Call((-_matrix(rng, 5, 3), 2), "signs turned round"),
        Call((1e-150 * _matrix(rng, 5, 4), 2), "tiny numbers", rtol=1e-7, atol=0.0),
        Call((1e150 * _matrix(rng, 4, 5), 2), "huge numbers", rtol=1e-7),
    ]


def _output_calls(rng):
    U, V = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, -1.0]]), np.array([[1.0, 1.0, 0.0, 2.0], [0.0, 1.0, -1.0, 0.0]])
    b = np.array([1.0, -1.0, 0.5])
    square = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    return [
        Call((np.array([1.0, 0.0, 2.0, 1.0]), U, V, b), "one input", public=True),
        Call((np.array([[1.0, 0.0, 2.0, 1.0], [0.0, 1.0, 0.0, 0.0]]), U, V, b), "two inputs", public=True),
        Call((np.zeros(4), U, V, b), "an input of zeros", public=True),
        Call((rng.normal(size=(2, 5, 4)), rng.normal(size=(6, 3)), rng.normal(size=(3, 4)), rng.normal(size=6)), "3-D"),
        Call((rng.normal(size=(4, 5)), rng.normal(size=(3, 1)), rng.normal(size=(1, 5)), -rng.random(3)), "rank 1"),
        Call((rng.normal(size=(1, 3)), *square, rng.normal(size=3)), "everything as large as the rank"),
        Call((rng.normal(size=5), rng.normal(size=(1, 2)), rng.normal(size=(2, 5)), rng.normal(size=1)), "one output"),
        Call((1e-12 * rng.normal(size=4), 1e6 * U, 3e6 * V, b), "tiny inputs, huge weights"),
        Call((2e6 * rng.normal(size=4), 1e-12 * U, 1e-12 * V, np.zeros(3)), "huge inputs, tiny weights", atol=0.0),
    ]


def _saving_calls(rng):
    m, n = int(rng.integers(50, 90)), int(rng.integers(100, 200))
    side = 2 * int(rng.integers(20, 60))
    shown = (2, 2), (10, 10), (64, 64), (1000, 1)
    hidden = (7, 5), (1000, 512), (1, 1), (3, 2), (3, 6), (6, 3), (m, n), (n, m), (side, side), (side + 1, side + 1)
    return [
        *(Call(pair, f"{pair[0]} × {pair[1]}", public=True) for pair in shown),
        *(Call(pair, f"{pair[0]} × {pair[1]}") for pair in hidden),
    ]


def _energy_calls(rng):
    s = np.sort(rng.uniform(0.5, 4.0, size=9))[::-1]
    shares = np.cumsum(s**2) / (s**2).sum()
    between = (shares[3] + shares[4]) / 2
    return [
        Call((np.array([3.0, 2.0, 1.0]), 0.9), "squares", public=True),
        Call((np.array([3.0, 1.0]), 0.9), "just reached", public=True),
        Call((np.array([0.0, 0.0]), 0.9), "all are 0", public=True),
        Call((np.array([4.0, 3.0, 0.0]), 1.0), "all of it, and a 0", public=True),
        Call((np.ones(4), 0.5), "all alike, just reached"),
        Call((np.array([2.0, 1.0, 1.0]), 0.6), "the first is enough"),
        Call((np.array([5.0]), 0.3), "one singular value"),
        Call((np.array([3.0, 1.0]), 1 - 0.1), "just reached, as a difference"),
        Call((np.array([3.0, 1.0]), 0.9 + 1e-9), "just not reached"),
        Call((s, between), "nine of them"),
        Call((s, 1 / 3), "a third"),
        Call((s, 0.005), "hardly anything"),
        Call((s, 1.0), "all of it"),
        Call((np.ones(10), 1 - 0.7), "three of ten, up to rounding"),
        Call((1e-12 * s, between), "tiny numbers"),
        Call((1e9 * s, between), "huge numbers"),
    ]


styles = {
    "approximation": {
        "reference": "The first columns, their singular values, the first rows: three pieces, one product.",
        "one_by_one": "One outer product after the other, as the sum is written.",
    },
    "factors": {
        "reference": "Columns are multiplied by a row of numbers, rows by a column of them.",
        "eigenvectors": "The left directions are eigenvectors; a product with W gives the right ones.",
    },
    "largest_saving_rank": {
        "reference": "One whole number, without a fraction that could be rounded.",
        "one_by_one": "Try the ranks, and keep the last that saves.",
    },
    "layer_output": {
        "reference": "From the right: two thin products, and no large matrix.",
        "one_by_one": "One input after the other, as the formula has it.",
    },
    "rank_for_energy": {
        "reference": "All sums at once, and the first that is enough.",
        "one_by_one": "Add squares until there is enough.",
    },
}
