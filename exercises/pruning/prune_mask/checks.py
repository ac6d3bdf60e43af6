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
    "scores": "weights",
    "rounds": "weights",
    "sparsities": "fraction",
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
    return [
        Call((weights, gradients), "towards zero, and away from it", public=True),
        Call((weights[:1], gradients[:1]), "one step", public=True),
        Call(tuple(rng.normal(size=(2, 6, 5))), "six steps"),
        Call(tuple(rng.normal(size=(2, 3, 2, 4))), "three steps of a matrix"),
        Call(tuple(rng.normal(size=(2, 1, 3, 3))), "one step of a matrix"),
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
        Call((100 * int(rng.integers(1, 4)), 0.57), "a product that a computer rounds"),
    ]


def _mask_calls(rng):
    ties = [rng.choice([-2.0, -1.0, 1.0, 2.0], size=shape) for shape in ((3, 4), (2, 2, 2))]
    scales = [scale * rng.normal(size=shape) for scale, shape in ((1.0, (5, 7)), (0.1, (4, 3)))]
    level = rng.normal()
    return [
        Call(([np.array([0.5, 2.0, 0.5]), np.array([1.0, 0.5])], 0.4), "a tie", public=True),
        Call(([np.array([[3.0, -1.0, 4.0], [-0.1, 0.2, -5.0]])], 0.5), "some scores are negative", public=True),
        Call(([np.array([1.0]), np.array([-2.0, 3.0])], 0.0), "nothing is pruned", public=True),
        Call((scales, rng.uniform(0.6, 0.9)), "layers of different size"),
        Call(([rng.normal(size=(2, 3, 4)), rng.normal(size=5)], rng.uniform(0.2, 0.45)), "shape (2, 3, 4)"),
        Call((ties, 0.4), "many ties"),
        Call(([np.full((3, 3), level), np.full(4, level)], 0.5), "all alike"),
        Call(([rng.normal(size=6), rng.normal(size=2)], 1.0), "everything is pruned"),
        Call(([rng.normal(size=5), rng.normal(size=2)], 0.3), "2.1 weights"),
    ]


def _round_calls(rng):
    # the first weight is pruned and comes back, and a later one, which is kept, becomes 0
    zero = np.array([[0.1, 5.0, 3.0, 4.0], [7.0, 5.0, 0.0, 4.0]])[:, [0, *rng.permutation([1, 2, 3])]]
    return [
        Call((np.array([[3.0, 1.0, -2.0, 4.0], [3.0, 5.0, -2.0, 4.0]]), [0.25, 0.5]), "the table", public=True),
        Call((np.array([[0.5, -2.0, 0.5, 1.0, -0.5]]), [0.4]), "one round", public=True),
        Call((rng.normal(size=(3, 4, 5)), [0.2, 0.5, 0.8]), "three rounds of a matrix"),
        Call((rng.normal(size=(2, 31)), [0.4, 0.4]), "a round in which no more go"),
        Call((zero * rng.uniform(0.5, 2.0), [0.25, 0.25]), "a kept weight is 0"),
        Call((rng.choice([-2.0, -1.0, 1.0, 2.0], size=(3, 24)), [0.25, 0.4, 0.7]), "many ties"),
        Call((rng.normal(size=(2, 7)), [0.3, 1.0]), "everything is pruned"),
    ]
