"""What is asked of pruning/prune_mask, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.pruning"]
parsons = ["keep_masks"]
kinds = {
    "weights": "weights",
    "gradients": "weights",
    "n": "number",
    "sparsity": "fraction",
    "scores": "scores",
    "rounds": "scores",
    "sparsities": "fraction",
}

_FLOATS = "The text says floats."
_COUNTED = "number_pruned is asked for it, and this one calls it."
untried = {
    "movement_score": {
        "integers": _FLOATS,
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    },
    "keep_masks": {"integers": _FLOATS, "a fraction that is nearly a decimal": _COUNTED},
    "prune_in_rounds": {"integers": _FLOATS, "a fraction that is nearly a decimal": _COUNTED},
}


def questions(rng):
    """Return the four functions; hidden inputs come from `rng`."""
    return [
        Function(
            "movement_score", 1, _movement_calls(rng), lambda weights, gradients: {"the number of steps": len(weights)}
        ),
        Function("number_pruned", 1, _number_calls(rng), lambda n, sparsity: {"n": n}),
        Function("keep_masks", 2, _mask_calls(rng)),
        Function("prune_in_rounds", 2, _round_calls(rng)),
    ]


def _movement_calls(rng):
    weights, gradients = np.array([[2.0, -1.0], [1.0, -1.5]]), np.array([[1.0, 0.5], [0.5, 0.5]])
    sizes = rng.uniform(1, 4, size=(2, 3, 4))
    return [
        Call((weights, gradients), "towards zero, and away from it", public=True),
        Call((weights[:1], gradients[:1]), "one step", public=True),
        Call(tuple(rng.normal(size=(2, 6, 5))), "six steps"),
        Call(tuple(rng.normal(size=(2, 3, 2, 4))), "three steps of a matrix"),
        Call(tuple(rng.normal(size=(2, 1, 3, 3))), "one step of a matrix"),
        Call(tuple(1e-12 * sizes), "tiny numbers", atol=0.0),
        Call(tuple(3e6 * sizes), "huge numbers"),
        Call((rng.normal(size=(4, 3)) * [0.0, 1.0, 1.0], rng.normal(size=(4, 3))), "a weight that is always 0"),
        Call(tuple(rng.normal(size=(2, 4, 1))), "one weight"),
    ]


def _number_calls(rng):
    n = int(rng.integers(20, 200))
    return [
        Call((5, 0.4), "two of five", public=True),
        Call((7, 0.5), "half of seven", public=True),
        Call((100, 0.29), "0.29 * 100 is not quite 29", public=True),
        Call((7, 0.3), "2.1 weights", public=True),
        Call((10 * n + 3, 0.7), "a fraction of a weight"),
        Call((n, 0.0), "nothing"),
        Call((n, 1.0), "everything"),
        Call((1, 0.9), "one weight"),
        Call((100 * int(rng.integers(1, 4)), 0.57), "a product that a computer rounds"),
        Call((100_000, 0.29), "a large product that a computer rounds"),
        Call((1_000_000, float(rng.choice([0.57, 0.58, 0.29]))), "a million"),
        Call((3 * int(rng.integers(30, 90)), 1 / 3), "a third"),
        Call((10 * int(rng.integers(1, 9)), 1 - 0.9), "1 - 0.9"),
        Call((100, 0.005), "half a weight"),
        Call((599, 0.005), "2.995 weights"),
        Call((100_000, 0.3 - 7e-12), "a whole number but for less than a millionth"),
        Call((100_000, 0.3 - 1e-12), "a whole number but for a ten-millionth"),
    ]


def _mask_calls(rng):
    ties = [rng.choice([-2.0, -1.0, 1.0, 2.0], size=shape) for shape in ((3, 4), (2, 2, 2))]
    scales = [scale * rng.normal(size=shape) for scale, shape in ((1.0, (5, 7)), (0.1, (4, 3)))]
    level = rng.normal()
    shapes = ((2, 3), (4,), (1, 2), (3, 1), (5,))
    close = level + 1e-7 * rng.permutation(30).reshape(5, 6)
    return [
        Call(([np.array([0.5, 2.0, 0.5]), np.array([1.0, 0.5])], 0.4), "a tie", public=True),
        Call(([np.array([[3.0, -1.0, 4.0], [-0.1, 0.2, -5.0]])], 0.5), "some scores are negative", public=True),
        Call(([np.array([1.0]), np.array([-2.0, 3.0])], 0.0), "nothing is pruned", public=True),
        Call((scales, rng.uniform(0.6, 0.9)), "layers of different size"),
        Call(([rng.normal(size=(2, 3, 4)), rng.normal(size=5)], rng.uniform(0.2, 0.45)), "shape (2, 3, 4)"),
        Call(([rng.normal(size=shape) for shape in shapes], rng.uniform(0.3, 0.7)), "five layers"),
        Call(([*rng.choice([-1.0, 0.0, 1.0], size=(4, 7))], 0.4), "ties over four layers"),
        Call(([np.repeat(rng.permutation(9) / 4, 2).reshape(3, 6)], 0.4), "ties of two"),
        Call((ties, 0.4), "many ties"),
        Call(([np.full((3, 3), level), np.full(4, level)], 0.5), "all alike"),
        Call(([np.full((6, 5), level), np.full((3, 4), level), np.full(21, level)], 0.45), "all alike, and many"),
        Call(([rng.choice([0.0, 1.0, 2.0], size=(50, 3))], 0.6), "a hundred ties"),
        Call(([rng.choice([0.0, 1.0], size=(5, 100))], 0.7), "hundreds of ties"),
        Call(([rng.normal(size=6), rng.normal(size=2)], 1.0), "everything is pruned"),
        Call(([rng.normal(size=5), rng.normal(size=2)], 0.3), "2.1 weights"),
        Call(([rng.normal(size=(10, 9)), rng.normal(size=10)], 0.29), "0.29 * 100 is not quite 29"),
        Call(([rng.normal(size=(9, 11))], 0.005), "less than one weight"),
        Call(([rng.permutation(12).reshape(3, 4).astype(np.float32)], 0.45), "float32"),
        Call(([close], 0.45), "scores that hardly differ"),
        Call(([1e-12 * rng.permutation(9), np.zeros(3)], 0.45), "tiny scores"),
        Call(([1e6 * rng.permutation(np.arange(-4.0, 5.0)).reshape(3, 3)], 0.3), "huge scores"),
        Call(([-rng.uniform(1, 2, size=(2, 4))], 0.3), "every score is negative"),
    ]


def _round_calls(rng):
    # the first weight is pruned and comes back, and a later one, which is kept, becomes 0
    zero = np.array([[0.1, 5.0, 3.0, 4.0], [7.0, 5.0, 0.0, 4.0]])[:, [0, *rng.permutation([1, 2, 3])]]
    tiny = np.array([[0.1, 5.0, 3.0, 4.0], [7.0, 5.0, 1e-12, 4.0]])[:, [0, *rng.permutation([1, 2, 3])]]
    large = np.array([[0.1, 5.0, 3.0, 4.0], [7.0, 5.0, 1.0, 4.0]])[:, [0, *rng.permutation([1, 2, 3])]]
    return [
        Call((np.array([[3.0, 1.0, -2.0, 4.0], [3.0, 5.0, -2.0, 4.0]]), [0.25, 0.5]), "the table", public=True),
        Call((np.array([[0.5, -2.0, 0.5, 1.0, -0.5]]), [0.4]), "one round", public=True),
        Call((rng.normal(size=(3, 4, 5)), [0.2, 0.5, 0.8]), "three rounds of a matrix"),
        Call((rng.normal(size=(5, 2, 3, 4)), [0.0, 0.125, 0.25, 0.5, 0.75]), "five rounds of shape (2, 3, 4)"),
        Call((rng.normal(size=(2, 31)), [0.4, 0.4]), "a round in which no more go"),
        Call((zero * rng.uniform(0.5, 2.0), [0.25, 0.25]), "a kept weight is 0"),
        Call((tiny * rng.uniform(0.5, 2.0), [0.25, 0.25]), "a kept weight is tiny"),
        Call((rng.choice([-2.0, -1.0, 1.0, 2.0], size=(3, 24)), [0.25, 0.4, 0.7]), "many ties"),
        Call((rng.choice([-1.0, 1.0], size=(2, 90)), [0.2, 0.45]), "weights of one magnitude"),
        Call((rng.normal(size=(2, 7)), [0.3, 1.0]), "everything is pruned"),
        Call((rng.normal(size=(3, 100)), [0.005, 0.29, 1 / 3]), "fractions of a weight"),
        Call((rng.permuted(np.arange(18.0).reshape(2, 9), axis=1).astype(np.float32), [0.3, 0.6]), "float32"),
        Call((2.0 + 1e-7 * rng.permutation(24).reshape(2, 12), [0.3, 0.6]), "magnitudes that hardly differ"),
        Call((1e6 * rng.permutation(np.arange(1.0, 7.0)).reshape(2, 3, 1), [0.4, 0.7]), "huge weights"),
        Call((1e5 * large * rng.uniform(0.5, 1.0), [0.25, 0.25]), "large weights, and no more go"),
    ]


styles = {
    "movement_score": {
        "reference": "One line, and all steps at once.",
        "loops": "Step by step: so it can be summed up during a training, and no step has to be kept.",
    },
    "number_pruned": {
        "reference": "Says floor where the text says floor.",
        "loops": "int() cuts towards 0. That is the floor too, where nothing is negative.",
    },
    "keep_masks": {
        "reference": "One stable sort: exact, however many scores are equal.",
        "threshold": "A threshold, as libraries have it, and what it takes to make it exact among equal scores.",
    },
    "prune_in_rounds": {
        "reference": "One mask after the other: what is pruned gets a score below all others.",
        "loops": "A list of what is pruned, which only ever grows: one sees that nothing can come back.",
    },
}
