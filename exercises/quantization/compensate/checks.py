"""What is asked of quantization/compensate, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.quantization", "kdlab.pruning", "kdlab.low_rank"]
parsons = ["push"]
kinds = {"w": "weights", "H": "weights"}
_SHAPES = {
    "more than two dimensions": "The text says (D,) and (D, D).",
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    "tiny numbers": "A factor on H changes nothing, and weights are rounded to whole numbers.",
    "huge numbers": "A factor on H changes nothing, and weights are rounded to whole numbers.",
}
untried = {"output_error": _SHAPES, "push": _SHAPES, "round_in_order": _SHAPES}
styles = {
    "push": {
        "reference": "The slope of the error in the later columns is 0: one system to solve.",
        "inverse_of_the_rest": "The same numbers from the inverse of what is left, as GPTQ has them.",
    },
    "output_error": {
        "reference": "Two products with the miss.",
        "cholesky": "The square of a length: the miss, seen through a root of H.",
    },
    "round_in_order": {
        "reference": "One number after the other, each push as above.",
        "elimination": "The first number, and then the same for the rest.",
    },
}

MARGIN = 0.03  # every number to be rounded is so far from a half at least
W, H = np.array([-0.4, -0.4, -0.3]), np.array([[4.0, 3.0, 3.0], [3.0, 4.0, 2.0], [3.0, 2.0, 4.0]])
OPPOSED = np.array([-2.2, -1.9, -2.6]), np.array([[7.0, -3.0, -6.0], [-3.0, 10.0, 0.0], [-6.0, 0.0, 9.0]])
STEEP = np.array([-1.6, 0.9, 1.9]), np.array([[13.0, -8.0, -10.0], [-8.0, 7.0, 6.0], [-10.0, 6.0, 10.0]])


def questions(rng):
    """Return the three functions; hidden inputs come from `rng`."""
    return [
        Function("output_error", 1, _error_calls(rng)),
        Function("push", 2, _push_calls(rng)),
        Function("round_in_order", 2, _round_calls(rng)),
    ]


def _products(rng, size):
    """Draw mean products of inputs that are correlated and differ in size."""
    root = rng.normal(size=(size, size)) + rng.choice([-1.2, 1.2], size=(1, size))
    H = root.T @ root / size + 0.2 * np.eye(size)
    sizes = rng.permutation(np.linspace(0.7, 1.6, size))
    return np.round(H * np.outer(sizes, sizes), 2)


def _stands(w, H):
    """Yield where each column stands when its turn comes."""
    left = w.copy()
    for i in range(len(w)):
        yield left[i]
        miss = left[i] - np.round(left[i])
        left[i + 1 :] += miss * np.linalg.solve(H[i + 1 :, i + 1 :], H[i + 1 :, i])


def _to_round(rng, H):
    """Draw weights whose columns all stand off the halves when their turn comes."""
    while True:
        w = np.round(rng.uniform(-2.5, 2.5, size=len(H)), 2)
        if all(abs(abs(stand - np.floor(stand)) - 0.5) > MARGIN for stand in _stands(w, H)):
            return w


def _error_calls(rng):
    calls = [
        Call((W, np.zeros(3), H), "each alone", public=True),
        Call((W, np.array([0.0, -1.0, 0.0]), H), "made up for", public=True),
        Call((W, W.copy(), H), "nothing was rounded", public=True),
        Call((np.array([0.0, 1.2, -0.7]), np.array([0.0, 1.0, -1.0]), H), "a weight that is 0"),
    ]
    for size in (1, 2, 5):
        M = _products(rng, size)
        w = rng.uniform(-2, 2, size=size)
        calls.append(Call((w, np.round(w + rng.uniform(-1, 1, size=size)), M), f"D = {size}"))
    return calls


def _push_calls(rng):
    calls = [
        Call((W, H, 0, -0.4), "column 0", public=True),
        Call((np.array([0.0, -0.6, -0.5]), H, 1, 0.4), "column 1", public=True),
        Call((np.array([0.0, -1.0, -0.3]), H, 2, -0.3), "the last column", public=True),
        Call((np.array([0.4]), np.array([[2.0]]), 0, 0.4), "one column"),
        Call((W, np.diag([2.0, 3.0, 5.0]), 0, -0.4), "inputs that have nothing to do with each other"),
        Call((OPPOSED[0], OPPOSED[1], 0, -0.2), "inputs that oppose each other"),
        Call((STEEP[0], STEEP[1], 0, 0.4), "inputs of different size"),
        Call((STEEP[0], STEEP[1], 1, 0.4), "inputs of different size, column 1"),
        Call((W, H, 0, 0.0), "no miss"),
    ]
    for size, i in ((2, 0), (4, 0), (4, 2), (6, 1), (6, 3)):
        calls.append(Call((rng.normal(size=size), _products(rng, size), i, rng.uniform(0.2, 0.5)), f"D = {size}"))
    return calls


def _round_calls(rng):
    calls = [
        Call((W, H), "the example", public=True),
        Call(OPPOSED, "inputs that oppose each other", public=True),
        Call((np.array([0.7, -0.3, 0.8]), np.diag([2.0, 3.0, 5.0])), "uncorrelated inputs", public=True),
        Call(STEEP, "inputs of different size"),
        Call((np.array([1.4]), np.array([[3.0]])), "one column"),
        Call((np.array([0.5, 1.5, -2.5]), np.diag([1.0, 2.0, 3.0])), "halves"),
        Call((np.array([2.0, 0.0, -1.0]), H), "whole numbers"),
        Call(
            (np.array([0.7, -0.3, 0.8]), np.array([[4.0, 2.0, 1.0], [2.0, 3.0, -1.0], [1.0, -1.0, 10.0]])), "it loses"
        ),
    ]
    for size in (2, 3, 4, 5, 6, 8, 8):
        M = _products(rng, size)
        calls.append(Call((_to_round(rng, M), M), f"D = {size}"))
    return calls
