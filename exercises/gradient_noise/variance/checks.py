"""What is asked of gradient_noise/variance, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.gradient_noise", "kdlab.distillation_loss", "kdlab.hybrid_objective"]
parsons = ["row_gradients"]
kinds = {
    "student_logits": "logits",
    "teacher_logits": "logits",
    "gradients": "weights",
    "temperature": "temperature",
    "base_temperature": "temperature",
    "batch_size": "number",
    "base_batch_size": "number",
}

_FLOATS = {
    "more than two dimensions": "The text says (N, C).",
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
}
_FINITE = {"a masked class": "The text says finite."}
_SMALL = {
    "large logits": "The text says at most 100.",
    "logits of some hundreds": "The text says at most 100.",
    "logits of ten thousand": "The text says at most 100.",
    "logits of minus ten thousand": "The text says at most 100.",
    "rows far from each other": "The text says at most 100.",
    "logits all far below 0": "The text says at most 100.",
    "logits that are large only once they are divided": "The text says at most 100, and T at least 0.5.",
}
untried = {
    "row_gradients": _FLOATS | _FINITE,
    "batch_variance": _FLOATS | {"a number of 100 000 or more": "It is a divisor, whatever its size."},
    "law": _FLOATS | _FINITE | _SMALL | {"a number of 100 000 or more": "It is a divisor, whatever its size."},
    "exponent": _FLOATS
    | _FINITE
    | _SMALL
    | {
        "a temperature of a hundredth or less": "The text says at least 0.5.",
        "an axis of length 1": "A single row, or a single class, has no variance.",
    },
}

Z = np.array([[2.0, 1.5, -1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [3.0, 1.0, 1.0]])
V = np.array([[3.0, 1.0, -2.0], [0.0, 2.0, 1.0], [1.0, -1.0, 0.0], [4.0, 0.0, 1.0]])
NONE, SAYS = np.zeros((3, 2)), np.array([[2.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


def questions(rng):
    """Return the five functions; hidden inputs come from `rng`."""
    return [
        Function("row_gradients", 2, _gradient_calls(rng), _of_logits),
        Function("batch_variance", 2, _variance_calls(rng), _of_rows),
        Function("law", 2, _law_calls(rng), _of_law),
        Function("temperature_for", 1, _rule_calls(rng)),
        Function("exponent", 2, _exponent_calls(rng), _of_logits),
    ]


def _of_logits(student_logits, teacher_logits, temperature):
    return {"N": len(student_logits), "C": student_logits.shape[1], "T": temperature}


def _of_rows(gradients, batch_size, replacement):
    sizes = {"N": len(gradients), "D": gradients.shape[1]}
    # all rows at once is a case of its own: there B is N
    return sizes if batch_size == len(gradients) else sizes | {"B": batch_size}


def _of_law(student_logits, teacher_logits, temperature, batch_size):
    return _of_logits(student_logits, teacher_logits, temperature) | {"B": batch_size}


def _gradient_calls(rng):
    z, v = rng.normal(scale=3, size=(2, 5, 4))
    shifts = rng.uniform(-5, 5, size=(5, 1))
    far = rng.normal(size=(2, 3, 4)) + np.array([[2000.0], [-40.0], [0.0]])
    close = 1.0 + 1e-7 * rng.permutation(8).reshape(2, 4)
    return [
        Call((NONE, SAYS, 4.0), "a student that knows nothing", public=True),
        Call((Z, V, 2.0), "four rows", public=True),
        Call((Z[:1], V[:1], 1.0), "one row, T = 1", public=True),
        Call((np.array([[1e4, 0.0, -1e4]]), np.array([[-1e4, 1e4, 0.0]]), 2.0), "logits of ten thousand", public=True),
        Call((z, v, rng.uniform(6.0, 8.0)), "a batch"),
        Call((*rng.normal(scale=2, size=(2, 3, 10)), rng.uniform(0.3, 0.8)), "ten classes, small T"),
        Call((z + shifts, v - shifts, rng.uniform(1.5, 2.5)), "rows shifted by a constant"),
        Call((np.vstack([v[:1], z[1:3]]), v[:3], rng.uniform(1.5, 2.5)), "one row in which both agree"),
        Call((*rng.normal(size=(2, 4, 3)), 0.01), "T = 0.01"),
        Call((*rng.normal(scale=200, size=(2, 4, 3)), 1000.0), "T = 1000, some hundreds", atol=1e-15),
        Call((*(rng.normal(size=(2, 3, 4)) / 8 + 40.0), 0.05), "logits that only T makes large"),
        Call((*(3000 * rng.normal(size=(2, 4, 3))), rng.uniform(1.5, 2.5)), "large logits"),
        Call((*(rng.normal(size=(2, 3, 4)) + 800.0), rng.uniform(0.5, 0.9)), "logits of some hundreds"),
        Call((*far, rng.uniform(1.5, 2.5)), "rows far from each other"),
        Call((*(rng.normal(size=(2, 3, 4)) - 800.0), 0.5), "logits far below 0"),
        Call((np.array([[2.0, 2.0, 2.0, 0.0]]), rng.normal(size=(1, 4)), 1.5), "a tie of three"),
        Call((rng.normal(size=(1, 4)), np.array([[2.0, 2.0, 2.0, 0.0]]), 1.5), "a tie of three, of the teacher"),
        Call((close, close[::-1] + 1.0, 0.5), "logits that hardly differ"),
        Call((*rng.normal(scale=2, size=(2, 4, 1)), 2.0), "one class"),
    ]


def _variance_calls(rng):
    g = rng.normal(size=(7, 4))
    two = rng.normal(size=(7, 2)) + rng.uniform(1, 2, size=2)
    numbers = np.array([[0.0], [1.0], [2.0], [5.0]])
    plane = np.array([[1.0, 0.0], [-1.0, 3.0], [0.0, 0.0]])
    return [
        Call((numbers, 2, True), "four numbers", public=True),
        Call((numbers, 2, False), "four numbers, without replacement", public=True),
        Call((plane, 1, True), "one row at a time", public=True),
        Call((plane, 3, False), "all rows, without replacement", public=True),
        Call((plane, 3, True), "as many as there are rows, with replacement"),
        Call((g, 3, True), "a batch"),
        Call((g, 3, False), "a batch, without replacement"),
        Call((two, 5, True), "a mean far from 0"),
        Call((two, 5, False), "a mean far from 0, without replacement"),
        Call((two, 1, False), "one row at a time, without replacement"),
        Call((two, 6, False), "all but one row"),
        Call((two, 7, False), "all rows of seven"),
        Call((g, 12, True), "more than there are rows"),
        Call((g, 512, True), "a large batch"),
        Call((1e6 + g, 2, True), "a mean far away", rtol=1e-7),
        Call((g[:1], 1, False), "a single row, without replacement"),
        Call((g[:1], 5, True), "a single row"),
        Call((g[:2], 1, False), "two rows"),
        Call((g[:, :1], 3, True), "one column"),
        Call((np.outer(rng.normal(size=5), [1.0, -1.0, 0.0]), 2, False), "a column of zeros"),
        Call((1e-60 * g, 3, True), "tiny numbers", atol=0.0),
        Call((1e60 * g, 3, False), "huge numbers"),
    ]


def _law_calls(rng):
    z, v = rng.normal(scale=2, size=(2, 7, 4))
    shifts = rng.uniform(-5, 5, size=(7, 1))
    same = rng.normal(size=(1, 4)) * np.ones((5, 1))
    return [
        Call((NONE, SAYS, 3.5, 5), "a student that knows nothing", public=True),
        Call((Z, V, 2.0, 8), "four rows", public=True),
        Call((Z + 1.0, V, 1.0, 1), "T = 1, one row at a time", public=True),
        Call((z, v, rng.uniform(8.0, 9.0), 3), "a batch"),
        Call((z + shifts, v, rng.uniform(1.5, 2.5), 5), "rows shifted by a constant"),
        Call((z, v - shifts, rng.uniform(1.5, 2.5), 5), "rows of the teacher shifted by a constant"),
        Call((z, z - same[:1], 2.5, 3), "a difference that all rows share", atol=1e-12),
        Call((z[:1], v[:1], 2.5, 3), "a single row"),
        Call((z, v, 0.01, 512), "T = 0.01, a large batch"),
        Call((z, v, 1000.0, 2), "T = 1000", atol=0.0),
        Call((*rng.normal(size=(2, 3, 10)), rng.uniform(0.3, 0.8), 6), "ten classes, small T"),
        Call((*rng.normal(size=(2, 5, 1)), 2.0, 3), "one class"),
        Call(
            (1 + 1e-7 * rng.permutation(8).reshape(2, 4), rng.normal(size=(2, 4)), 0.5, 3), "logits that hardly differ"
        ),
        Call((50 * z[:3], 30 * v[:3], 60.0, 7), "large differences"),
    ]


def _rule_calls(rng):
    T = round(rng.uniform(2.0, 3.0), 2)
    return [
        Call((4.0, 64, 8), "from 64 to 8", public=True),
        Call((5.0, 64, 4), "from 64 to 4", public=True),
        Call((3.0, 32, 32), "the same batch", public=True),
        Call((T, 48, 7), "no power of two"),
        Call((T, 7, 48), "a larger batch"),
        Call((1.0, 500, 3), "from T = 1"),
        Call((0.5, 10, 25), "below 1"),
        Call((0.01, 200_000, 1), "from a huge batch to one row"),
        Call((100.0, 1, 100_000), "from one row to a huge batch"),
    ]


def _exponent_calls(rng):
    z, v = rng.normal(scale=2, size=(2, 6, 4))
    close = {"rtol": 1e-6, "atol": 1e-6}
    tie = np.array([[2.0, 2.0, 2.0, 0.0], [0.0, 1.0, 3.0, 1.0]])
    hardly = 1 + 1e-7 * rng.permutation(8).reshape(2, 4)
    shifts = rng.uniform(-5, 5, size=(6, 1))
    return [
        Call((NONE, SAYS, 3.5), "a student that knows nothing", public=True, **close),
        Call((Z, V, 1.0), "four rows, T = 1", public=True, **close),
        Call((Z, V, 0.5), "four rows, a low T", public=True, **close),
        Call((z, v, rng.uniform(7.0, 9.0)), "a batch", **close),
        Call((z, v, 100.0), "a high T", **close),
        Call((z, v, rng.uniform(0.6, 0.9)), "a low T", **close),
        Call((0.9 * v, v, 0.5), "both agree on every first choice", **close),
        Call((z + shifts, v, rng.uniform(1.5, 2.5)), "rows shifted by a constant", **close),
        Call((tie, rng.normal(scale=2, size=(2, 4)), 1.5), "a tie of three", **close),
        Call((rng.normal(scale=2, size=(2, 4)), tie, 1.5), "a tie of three, of the teacher", **close),
        Call((hardly, rng.normal(size=(2, 4)), 1.3), "logits that hardly differ", **close),
        Call((rng.normal(size=(2, 4)), hardly, 1.3), "logits that hardly differ, of the teacher", **close),
        Call((*rng.normal(scale=2, size=(2, 3, 10)), rng.uniform(2.2, 2.8)), "ten classes", **close),
        Call((*rng.normal(scale=30, size=(2, 5, 3)), 40.0), "large logits, T = 40", **close),
    ]


styles = {
    "row_gradients": {
        "reference": "The softmax once, for both sides.",
        "loops": "One row after the other, as the formula has it.",
    },
    "batch_variance": {
        "reference": "Variances by NumPy, column by column.",
        "in_logarithms": "The trace of the covariance: where correlations are wanted too, this is the way.",
    },
    "law": {
        "reference": "One difference, two means.",
        "loops": "Each centred by itself, and subtracted then: as the text says it.",
    },
    "temperature_for": {
        "reference": "As the formula stands.",
        "loops": "Two square roots.",
    },
    "exponent": {
        "reference": "Two temperatures close to each other.",
        "in_logarithms": "Four of them: the error falls faster, so they may lie farther apart.",
    },
}
