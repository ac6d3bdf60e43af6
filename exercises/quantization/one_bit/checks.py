"""What is asked of quantization/one_bit, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.quantization", "kdlab.straight_through", "kdlab.robustness", "kdlab.pipeline"]
parsons = ["one_bit"]
kinds = {"W": "weights", "W1": "weights", "w2": "weights"}
_FLOAT32 = {"float32": "float32 is for those who choose it: such an input asks for nothing else."}
untried = {
    "two_signs": _FLOAT32,
    "best_scale": _FLOAT32,
    "one_bit": _FLOAT32,
    "squared_error": _FLOAT32 | {"tiny numbers": "The square of what is tiny says no more than what is not."},
    "student_vector": _FLOAT32
    | {
        "more than two dimensions": "The text says (H, D) and (H,).",
        "integers": "The text says floats.",
        "tiny numbers": "A product: the size of one layer goes through it.",
    },
}
styles = {
    "best_scale": {
        "reference": "One row for each index, whatever the number of axes.",
        "axis_by_axis": "The mean over all axes but the first: nothing changes its shape.",
    },
    "two_signs": {
        "reference": "One question of each weight, two answers.",
        "axis_by_axis": "Arithmetic with truth values.",
    },
    "one_bit": {
        "reference": "The scales, shaped to go with the weights.",
        "axis_by_axis": "Turned round, so that the last axis has a scale for each row.",
    },
    "squared_error": {
        "reference": "A mean of squares.",
        "axis_by_axis": "Only the sizes differ, and a product with itself sums their squares.",
    },
    "student_vector": {
        "reference": "One layer quantized, then the product.",
        "axis_by_axis": "Both layers named first, and one sum over the hidden units.",
    },
}

EXAMPLE = np.array([[0.5, -1.5, 0.0], [2.0, -0.25, 0.75]])


def questions(rng):
    """Return the five functions; hidden inputs come from `rng`."""
    return [
        Function("two_signs", 1, _sign_calls(rng)),
        Function("best_scale", 1, _axis_calls(rng, hard=True)),
        Function("one_bit", 1, _axis_calls(rng, hard=True)),
        Function("squared_error", 1, _axis_calls(rng, hard=False)),
        Function("student_vector", 1, _network_calls(rng)),
    ]


def _weights(rng, *shape):
    """Draw weights of both signs, whose mean, median and middle differ, and whose sizes do as well."""
    sizes = rng.uniform(0.2, 1.0, size=shape) * rng.choice([1.0, 3.0], size=shape)
    return np.round(sizes * rng.choice([-1.0, 1.0], size=shape), 3)


def _with_zeros(rng, *shape):
    W = _weights(rng, *shape)
    W.flat[rng.choice(W.size, size=2, replace=False)] = 0.0
    return W


def _sign_calls(rng):
    return [
        Call((EXAMPLE,), "the example", public=True),
        Call((np.array([0.0, -0.0, 1.0]),), "both zeros", public=True),
        Call((_weights(rng, 6),), "one axis"),
        Call((_weights(rng, 2, 3, 4),), "three axes"),
        Call((_weights(rng, 1, 5),), "one row"),
        Call((np.array([3, 0, -2]),), "integers"),
        Call((1e-200 * _weights(rng, 4),), "tiny numbers"),
        Call((1e200 * _weights(rng, 4),), "huge numbers"),
    ]


def _axis_calls(rng, *, hard):
    """Return calls of a function of W and axis: `hard` adds numbers whose squares no float holds."""
    row_sizes = np.array([1.0, 4.0, 0.25])[:, np.newaxis]
    calls = [
        Call((EXAMPLE, None), "the example", public=True),
        Call((EXAMPLE, 0), "the example, by rows", public=True),
        Call((np.array([0.0, 1.0, -3.0]), None), "a zero", public=True),
        Call((_weights(rng, 7), None), "one axis"),
        Call((_weights(rng, 5), 0), "one axis, a scale for each number"),
        Call((row_sizes * _weights(rng, 3, 5), None), "rows of different size"),
        Call((row_sizes * _weights(rng, 3, 5), 0), "rows of different size, by rows"),
        Call((row_sizes * _weights(rng, 3, 3), 0), "a square, by rows"),
        Call((_with_zeros(rng, 2, 6), None), "zeros"),
        Call((_with_zeros(rng, 2, 6), 0), "zeros, by rows"),
        Call((_weights(rng, 2, 3, 4), None), "three axes"),
        Call((_weights(rng, 2, 3, 4), 0), "three axes, by the first"),
        Call((_weights(rng, 1, 5), 0), "one row"),
        Call((_weights(rng, 5, 1), 0), "one column"),
        Call((np.zeros((2, 3)), 0), "zeros alone"),
        Call((np.array([[3, -1, 1], [0, -4, 4]]), None), "integers"),
        Call((np.array([[3, -1, 1], [0, -4, 4]]), 0), "integers, by rows"),
        Call((3e6 * _weights(rng, 2, 3), None), "large numbers"),
    ]
    if hard:
        calls += [
            Call((1e-200 * _weights(rng, 2, 3), None), "tiny numbers", atol=0.0),
            Call((1e200 * _weights(rng, 2, 3), None), "huge numbers", atol=0.0),
        ]
    return calls


def _network_calls(rng):
    example = np.array([1.0, -2.0])
    return [
        Call((EXAMPLE, example, 1), "the example, layer 1", public=True),
        Call((EXAMPLE, example, 2), "the example, layer 2", public=True),
        Call((EXAMPLE, np.array([1.0, -1.0]), 2), "layer 2 has one size already", public=True),
        *(Call((_weights(rng, 3, 5), _weights(rng, 3), layer), f"layer {layer}") for layer in (1, 2)),
        *(Call((_weights(rng, 4, 4), _weights(rng, 4), layer), f"a square, layer {layer}") for layer in (1, 2)),
        *(Call((_with_zeros(rng, 3, 2), _weights(rng, 3), layer), f"zeros, layer {layer}") for layer in (1, 2)),
        Call((_weights(rng, 3, 2), np.array([0.5, 0.0, -2.0]), 2), "a zero in layer 2"),
        *(Call((_weights(rng, 1, 3), _weights(rng, 1), layer), f"one unit, layer {layer}") for layer in (1, 2)),
        *(Call((_weights(rng, 3, 1), _weights(rng, 3), layer), f"one input, layer {layer}") for layer in (1, 2)),
        Call((3e6 * _weights(rng, 2, 3), _weights(rng, 2), 1), "large numbers"),
    ]
