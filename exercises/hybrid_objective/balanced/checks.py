"""What is asked of hybrid_objective/balanced, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.hybrid_objective", "kdlab.distillation_loss"]
parsons = ["balanced_step"]
kinds = {
    "features": "weights",
    "teacher_features": "weights",
    "labels": "labels",
    "g_ce": "weights",
    "g_f": "weights",
    "inputs": "weights",
}

_MATRIX = "The text says (N, D)."
_FLOATS = "The text says floats."
_FLOAT32 = "float32 is for those who choose it: such an input asks for nothing else."
untried = {
    "ce_gradient": {
        "more than two dimensions": _MATRIX,
        "float32": _FLOAT32,
        "tiny numbers": "Features below a billionth are features of 0: the gradient is the same.",
        "huge numbers": "The text says that logits are at most 10 000.",
    },
    "feature_gradient": {"more than two dimensions": _MATRIX, "float32": _FLOAT32},
    "balanced_alpha": {"more than two dimensions": _MATRIX, "integers": _FLOATS, "float32": _FLOAT32},
    "balanced_step": {"more than two dimensions": _MATRIX, "integers": _FLOATS, "float32": _FLOAT32},
    "alpha_by_parameters": {
        "more than two dimensions": _MATRIX,
        "integers": _FLOATS,
        "float32": _FLOAT32,
        "tiny numbers": "balanced_alpha is asked for them, and this one calls it.",
        "huge numbers": "balanced_alpha is asked for them, and this one calls it.",
    },
}


def questions(rng):
    """Return the five functions; hidden inputs come from `rng`."""
    return [
        Function("ce_gradient", 2, _ce_calls(rng), _sizes),
        Function("feature_gradient", 1, _feature_calls(rng), _sizes),
        Function("balanced_alpha", 2, _alpha_calls(rng)),
        Function("balanced_step", 1, _step_calls(rng)),
        Function("alpha_by_parameters", 2, _parameter_calls(rng)),
    ]


def _sizes(features, weights_or_teacher, bias=None, labels=None):
    sizes = {"N": len(features), "D": features.shape[1]}
    return sizes if bias is None else sizes | {"C": len(bias)}


V = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 0.5], [-1.0, 0.5, 0.0], [0.5, 0.5, 1.0]])
B = np.array([0.1, -0.2, 0.0, 0.3])
F_S = np.array([[1.0, -0.5, 0.25], [0.0, 2.0, -1.0]])
F_T = np.array([[0.5, 0.0, 1.0], [1.0, 1.0, -1.0]])


def _head(rng, n, d, c):
    return rng.normal(size=(n, d)), rng.normal(size=(c, d)), rng.normal(size=c), rng.integers(c, size=n)


def _ce_calls(rng):
    features, weights, bias, labels = _head(rng, 5, 3, 4)
    return [
        Call((F_S, V, B, np.array([0, 2])), "two samples, four classes", public=True),
        Call((F_S[:1], V, B, np.array([1])), "one sample", public=True),
        Call((F_S.round().astype(int), V, B, np.array([3, 3])), "integers, and one label for all", public=True),
        Call((features, weights, bias, labels), "five samples of three features"),
        Call(_head(rng, 4, 6, 3), "six features"),
        Call(_head(rng, 3, 1, 5), "one feature"),
        Call(_head(rng, 3, 2, 1), "one class"),
        Call((3000 * features, weights, bias, labels), "large logits"),
        Call((features, weights, 400 * bias, labels), "a large bias"),
        Call((0 * features, weights, bias, labels), "features of 0"),
    ]


def _feature_calls(rng):
    f_S = rng.normal(size=(5, 3))
    return [
        Call((F_S, F_T), "two samples", public=True),
        Call((F_S, F_S), "the teacher's features", public=True),
        Call((np.array([[1, 2, 0]]), np.array([[3, 2, 1]])), "integers, one sample", public=True),
        Call((f_S, rng.normal(size=(5, 3))), "five samples of three features"),
        Call(tuple(rng.normal(size=(2, 3, 7))), "seven features"),
        Call(tuple(rng.normal(size=(2, 4, 1))), "one feature"),
        Call(tuple(1e-12 * rng.uniform(1, 4, size=(2, 5, 3))), "tiny numbers", atol=0.0),
        Call(tuple(3e6 * rng.normal(size=(2, 5, 3))), "huge numbers"),
    ]


def _alpha_calls(rng):
    example = np.array([[0.3, 0.0], [0.0, 0.4]]), np.array([[0.0, 1.2], [0.9, 0.0]])
    g_ce, g_f = rng.normal(size=(2, 5, 3)) * np.array([1.0, 3.0, 0.2, 6.0, 0.5])[:, np.newaxis] ** [[[1]], [[-1]]]
    zero, below = np.zeros((5, 3)), -rng.uniform(1, 2, size=(5, 3)) * (np.arange(15).reshape(5, 3) != 7)
    return [
        Call(example, "the example", public=True),
        Call((np.array([[0.5, -1.0, 2.0]]), np.array([[3.0, 1.0, -0.5]])), "one sample", public=True),
        Call((example[0], 0 * example[1]), "no gradient of the features", public=True),
        Call((0 * example[0], 0 * example[1]), "no gradient at all", public=True),
        Call((zero, g_f), "no gradient of the labels"),
        Call((g_ce, g_f), "rows of different length"),
        Call(tuple(rng.normal(size=(2, 3, 8))), "eight features"),
        Call(tuple(rng.normal(size=(2, 7, 1))), "one feature"),
        Call((g_ce, -3 * g_ce), "opposite gradients"),
        Call((g_ce, 4 * g_ce), "one direction"),
        Call((1e200 * g_ce, 1e200 * g_f), "numbers of 10 to the power of 200"),
        Call((1e-200 * g_ce, 1e-200 * g_f), "numbers of 10 to the power of -200"),
        Call((zero, 1e-200 * g_f), "no gradient of the labels, and a tiny one of the features"),
        Call((1e-200 * g_ce, zero), "no gradient of the features, and a tiny one of the labels"),
        Call((1e-9 * g_ce, 1e6 * g_f), "lengths far apart", atol=0.0),
        Call((1e200 * below, g_f), "a huge gradient of the labels, no number above 0"),
        Call((g_ce, 1e200 * below), "a huge gradient of the features, no number above 0"),
    ]


def _step_calls(rng):
    g_ce, g_f = rng.normal(size=(5, 3)), 20 * rng.normal(size=(5, 3))
    return [
        Call((np.array([[0.3, 0.0], [0.0, 0.4]]), np.array([[0.0, 1.2], [0.9, 0.0]])), "the example", public=True),
        Call((np.array([[3.0, 0.0]]), np.array([[0.0, 1.0]])), "one sample", public=True),
        Call((np.array([[1.0, -2.0]]), np.array([[-3.0, 6.0]])), "opposite gradients", public=True),
        Call((g_ce, g_f), "a batch"),
        Call((300 * g_f, g_ce), "a long gradient of the labels"),
        Call((g_ce, -2 * g_ce), "opposite gradients of a batch"),
        Call((g_ce, 0 * g_f), "no gradient of the features"),
        Call((0 * g_ce, 0 * g_f), "no gradient at all"),
        Call(tuple(rng.normal(size=(2, 4, 1))), "one feature"),
        Call((1e-12 * g_ce, 1e-12 * g_f), "tiny numbers", atol=0.0),
        Call((1e7 * g_ce, 1e7 * g_f), "huge numbers"),
    ]


def _parameter_calls(rng):
    g_ce, g_f = rng.normal(size=(2, 5, 3))
    return [
        Call(
            (
                np.array([[1.0, 2.0], [0.0, 3.0]]),
                np.array([[0.3, 0.0], [0.0, 0.4]]),
                np.array([[0.0, 1.2], [0.9, 0.0]]),
            ),
            "the example behind a layer",
            public=True,
        ),
        Call((np.array([[1.0, 9.0]]), np.array([[3.0]]), np.array([[1.0]])), "one sample, one feature", public=True),
        Call((rng.normal(size=(5, 4)), g_ce, g_f), "a batch"),
        Call((rng.normal(size=(5, 1)), g_ce, g_f), "one input"),
        Call((rng.normal(size=(6, 7)), *rng.normal(size=(2, 6, 2))), "seven inputs"),
        Call((0 * rng.normal(size=(5, 4)), g_ce, g_f), "inputs of 0"),
        Call((rng.normal(size=(5, 4)), g_ce, 0 * g_f), "no gradient of the features"),
        Call((np.ones((5, 2)), g_ce - g_ce.mean(axis=0), g_f), "gradients that cancel in the layer"),
    ]


styles = {
    "ce_gradient": {
        "reference": "Three lines, as the formula has it, and no loop.",
        "loops": "Sample by sample and class by class: one sees who pushes whom.",
    },
    "feature_gradient": {
        "reference": "One line for all samples.",
        "loops": "Number by number: the 2, and the mean over the samples, are in plain sight.",
    },
    "balanced_alpha": {
        "reference": "One scale for both: nothing overflows, and alpha does not notice it.",
        "loops": "Python's own hypot minds large and small numbers by itself.",
    },
    "balanced_step": {
        "reference": "Two functions, each of which says what it does.",
        "einsum": "The norms cross over, and the weight never appears.",
    },
    "alpha_by_parameters": {
        "reference": "Two products of matrices, then what is there already.",
        "loops": "A sum over the samples of one outer product each: what a layer's gradient is.",
    },
}
